import { holdingsOfStage, idleCosts, type Line, useCosts } from './at-rest';
import { type Price, prices } from './prices';
import { askingClerk, costsOf, operations, secondsPerMonth, type Usage, writeCosts } from './usage';

const million = 1_000_000;
const stages = ['dev', 'staging', 'prod'];

/** All tables of docs/costs.md, as markdown. */
export function costTables(): string {
  return [
    '### A million requests',
    requestTable(),
    '### The same writes with the table in three Regions',
    replicaTable(),
    '### A month of verifications by an authorizer',
    monthTable(),
    '### A month of a stage',
    stageTable(),
    '### The prices',
    priceTable(),
  ].join('\n\n');
}

/** In the document everything between these two lines is the command's. */
const markers = ['<!-- npm run costs -->', '<!-- /npm run costs -->'] as const;

/**
 * The document with the tables as they are now.
 * @throws Error for a document without the markers.
 */
export function withTables(document: string, tables: string): string {
  const [start, end] = markers.map((marker) => document.indexOf(marker)) as [number, number];
  if (start < 0 || end < start) throw new Error(`docs/costs.md lacks ${markers.join(' or ')}.`);
  return `${document.slice(0, start)}${markers[0]}\n\n${tables}\n\n${document.slice(end)}`;
}

function requestTable(): string {
  const asking = costsOf(askingClerk, million);
  return [
    partTable(
      'USD',
      Object.entries(operations).map(([name, usage]) => [name, costsOf(usage, million)]),
    ),
    '',
    `An authorizer that asked Clerk about each key would cost ${usd(sumOf(Object.values(asking)))} a million, ${usd(asking.Clerk)} of it at Clerk.`,
  ].join('\n');
}

function monthTable(): string {
  const month = (usage: Usage, rate: number) => costsOf(usage, rate * secondsPerMonth, rate);
  const { authorizer, 'authorizer, no limit': unlimited } = operations;
  return partTable('USD, so many a second', [
    ['10', month(authorizer, 10)],
    ['1,000', month(authorizer, 1000)],
    ['100,000', month(authorizer, 100_000)],
    ['100,000, no limit', month(unlimited, 100_000)],
  ]);
}

/** Costs beside each other, part by part, and their sums; a part that none of them has is left out. */
function partTable(title: string, columns: [head: string, costs: ReturnType<typeof costsOf>][]): string {
  const costs = columns.map(([, cost]) => cost);
  const parts = Object.keys(costs[0] ?? {}) as (keyof (typeof costs)[number])[];
  const rows = parts
    .filter((part) => costs.some((cost) => cost[part] > 0))
    .map((part) => [part, ...costs.map((cost) => usd(cost[part]))]);
  const sums = costs.map((cost) => `**${usd(sumOf(Object.values(cost)))}**`);
  return table([title, ...columns.map(([head]) => head)], [...rows, ['**all**', ...sums]]);
}

function replicaTable(): string {
  const { create, revoke, whoami } = operations;
  const rows = Object.entries({ create, revoke, verification: whoami }).map(([name, usage]) => [
    name,
    ...[1, 3].map((regions) => usd(writeCosts(usage, million, regions))),
  ]);
  return table(['USD a million, DynamoDB alone', 'one Region', 'three Regions'], rows);
}

function stageTable(): string {
  const held = stages.map(holdingsOfStage);
  const idle = held.map(idleCosts);
  const sums = idle.map((bill) => `**${usd(sumOf(bill.map((line) => line.usd)))}**`);
  return table(
    ['USD a month (how many)', ...stages],
    [...rowsOf(idle), ['**idle**', ...sums], ...rowsOf(held.map(useCosts))],
  );
}

/** The same line of each stage's bill beside each other; what no stage has is left out. */
function rowsOf(bills: Line[][]): string[][] {
  const lines = (bills[0] ?? []).map((_, row) => bills.flatMap((bill) => bill[row] ?? []));
  return lines
    .filter((line) => line.some(({ count }) => count > 0))
    .map((line) => [line[0]?.what ?? '', ...line.map((each) => `${usd(each.usd)} (${each.count})`)]);
}

function priceTable(): string {
  const row = ({ what, usd, per, source, read }: Price) => [
    `[${what}](${source})`,
    `${plain(usd)}`,
    per,
    read,
  ];
  return table(['price', 'USD', 'for a', 'read'], Object.values<Price>(prices).map(row));
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** An amount as bills show it; nothing is a dash, less than a cent is said to be. */
function usd(amount: number): string {
  if (amount === 0) return '-';
  if (amount < 0.005) return '< 0.01';
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** All digits of a price, and no exponent. */
const plain = (price: number) => price.toLocaleString('en-US', { maximumFractionDigits: 8 });

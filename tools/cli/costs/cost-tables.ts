import { stageNames } from '../../../lib/stages';
import { table } from '../../markdown';
import { holdingsOfStage, idleCosts, type Line, useCosts } from './at-rest';
import { type Price, prices } from './prices';
import { askingClerk, costsOf, operations, secondsPerMonth, type Usage, writeCosts } from './usage';

const million = 1_000_000;

/** The tables of docs/costs.md, as markdown. */
export function costTables(): string {
  return [
    '### A million requests',
    requestTable(),
    '### The same writes with the tables in three Regions',
    replicaTable(),
    '### A month of verifications in an authorizer',
    monthTable(),
    '### A month of a stage',
    stageTable(),
    '### Prices',
    priceTable(),
  ].join('\n\n');
}

function requestTable(): string {
  const asking = costsOf(askingClerk, million);
  return [
    serviceTable(
      'USD',
      Object.entries(operations).map(([name, usage]) => [name, costsOf(usage, million)]),
    ),
    '',
    `An authorizer that asks Clerk about each key would cost ${usd(sumOf(Object.values(asking)))} USD per million, ${usd(asking.Clerk)} of it at Clerk.`,
  ].join('\n');
}

function monthTable(): string {
  const month = (usage: Usage, rate: number) => costsOf(usage, rate * secondsPerMonth, rate);
  const { authorizer, 'authorizer, no limit': unlimited } = operations;
  return serviceTable('USD, by requests per second', [
    ['10', month(authorizer, 10)],
    ['1,000', month(authorizer, 1000)],
    ['100,000', month(authorizer, 100_000)],
    ['100,000, no limit', month(unlimited, 100_000)],
  ]);
}

/** Costs side by side, by service, and their sums; a service that none of them uses is left out. */
function serviceTable(title: string, columns: [head: string, costs: ReturnType<typeof costsOf>][]): string {
  const costs = columns.map(([, cost]) => cost);
  const services = Object.keys(costs[0] ?? {}) as (keyof (typeof costs)[number])[];
  const rows = services
    .filter((service) => costs.some((cost) => cost[service] > 0))
    .map((service) => [service, ...costs.map((cost) => usd(cost[service]))]);
  const sums = costs.map((cost) => `**${usd(sumOf(Object.values(cost)))}**`);
  return table([title, ...columns.map(([head]) => head)], [...rows, ['**total**', ...sums]]);
}

function replicaTable(): string {
  const { create, revoke, whoami } = operations;
  const rows = Object.entries({ create, revoke, verification: whoami }).map(([name, usage]) => [
    name,
    ...[1, 3].map((regions) => usd(writeCosts(usage, million, regions))),
  ]);
  return table(['USD per million, DynamoDB only', 'one Region', 'three Regions'], rows);
}

function stageTable(): string {
  const held = stageNames.map(holdingsOfStage);
  const idle = held.map(idleCosts);
  const sums = idle.map((bill) => `**${usd(sumOf(bill.map((line) => line.usd)))}**`);
  return table(
    ['USD per month (count)', ...stageNames],
    [...rowsOf(idle), ['**idle**', ...sums], ...rowsOf(held.map(useCosts))],
  );
}

/** The lines of all stages' bills side by side; a line that no stage has is left out. */
function rowsOf(bills: Line[][]): string[][] {
  const lines = (bills[0] ?? []).map((_, row) => bills.flatMap((bill) => bill[row] ?? []));
  return lines
    .filter((line) => line.some(({ count }) => count > 0))
    .map((line) => [line[0]?.what ?? '', ...line.map((each) => `${usd(each.usd)} (${each.count})`)]);
}

function priceTable(): string {
  const row = ({ what, usd, per, source, read }: Price) => [`[${what}](${source})`, `${plain(usd)}`, per, read];
  return table(['price', 'USD', 'unit', 'read on'], Object.values<Price>(prices).map(row));
}

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** An amount with two decimals; a dash for nothing, `< 0.01` for less than a cent. */
function usd(amount: number): string {
  if (amount === 0) return '-';
  if (amount < 0.005) return '< 0.01';
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** All digits of a price, without an exponent. */
const plain = (price: number) => price.toLocaleString('en-US', { maximumFractionDigits: 8 });

import type { Contents, Part } from './contents';

/** How a bundle differs from its budget, one line for each difference; none if it is within. */
export function compare(name: string, contents: Contents, budget: Contents | undefined): string[] {
  if (!budget) return [`${name} has no budget`];
  return [
    ...compareParts(`${name}, at import`, contents.atImport, budget.atImport),
    ...compareParts(`${name}, in total`, contents.inAll, budget.inAll),
  ];
}

function compareParts(where: string, part: Part, budget: Part): string[] {
  const added = part.packages.filter((name) => !budget.packages.includes(name));
  const removed = budget.packages.filter((name) => !part.packages.includes(name));
  return [
    ...(part.bytes > budget.bytes ? [`${where}: ${part.bytes} bytes, at most ${budget.bytes} allowed`] : []),
    ...added.map((name) => `${where}: ${name} is new`),
    ...removed.map((name) => `${where}: ${name} is no longer included`),
  ];
}

/** Budgets are multiples of it, in bytes, so that minor releases of dependencies fit. */
const step = 2_500;

/** The smallest budget for the contents. */
export function budgetFor({ atImport, inAll }: Contents): Contents {
  const rounded = (part: Part) => ({ ...part, bytes: Math.ceil(part.bytes / step) * step });
  return { atImport: rounded(atImport), inAll: rounded(inAll) };
}

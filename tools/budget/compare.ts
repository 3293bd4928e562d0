import type { Contents, Part } from './contents';

/** What is wrong with a bundle by its budget, a line each; nothing if it is within. */
export function compare(name: string, contents: Contents, budget: Contents | undefined): string[] {
  if (!budget) return [`${name} has no budget`];
  return [
    ...compareParts(`${name}, at import`, contents.atImport, budget.atImport),
    ...compareParts(`${name}, in all`, contents.inAll, budget.inAll),
  ];
}

function compareParts(where: string, part: Part, budget: Part): string[] {
  const cameIn = part.packages.filter((name) => !budget.packages.includes(name));
  const gone = budget.packages.filter((name) => !part.packages.includes(name));
  return [
    ...(part.bytes > budget.bytes ? [`${where}: ${part.bytes} bytes, ${budget.bytes} are allowed`] : []),
    ...cameIn.map((name) => `${where}: ${name} came in`),
    ...gone.map((name) => `${where}: ${name} is gone`),
  ];
}

/** How much a bundle may grow until somebody looks at it, in bytes: it is what dependencies' small releases take. */
const step = 2_500;

/** A budget that the contents are within, and little more. */
export function budgetFor({ atImport, inAll }: Contents): Contents {
  const rounded = (part: Part) => ({ ...part, bytes: Math.ceil(part.bytes / step) * step });
  return { atImport: rounded(atImport), inAll: rounded(inAll) };
}

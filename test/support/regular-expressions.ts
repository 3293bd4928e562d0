import { checkSync } from 'recheck';

// The checker in JavaScript. It needs neither Java nor a binary of the platform.
process.env.RECHECK_SYNC_BACKEND = 'pure';

const judged = new Map<string, string | undefined>();

/**
 * @returns why an expression is refused; undefined if the time it takes grows at most linearly with the text. An
 *   expression that the checker does not understand is refused.
 */
export function problemOf(expression: RegExp): string | undefined {
  const literal = String(expression);
  if (!judged.has(literal)) judged.set(literal, judge(expression));
  return judged.get(literal);
}

function judge(expression: RegExp): string | undefined {
  const result = checkSync(expression.source, expression.flags, { timeout: 20_000, checker: 'automaton' });
  if (result.status === 'safe') return undefined;
  return `${expression}: ${result.status === 'vulnerable' ? result.complexity.summary : 'cannot be judged'}`;
}

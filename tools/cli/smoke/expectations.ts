import { adviceOn } from './advice';
import type { Answer } from './answer-text';
import { describe, errorCodeOf, recordOf } from './answer-text';
import { CheckFailed } from './check-failed';

/** The failure of a check because of an answer. @param received without it, the answer itself. */
export function refuted(answer: Answer, expected: string, received?: string): CheckFailed {
  const described = describe(answer);
  return new CheckFailed(expected, received ? `${received} (${described})` : described, adviceOn(answer));
}

/**
 * Expects this status, this error code if it is an error, and the headers that every answer has.
 * @throws CheckFailed
 */
export function expectStatus(answer: Answer, status: number, code?: string): void {
  if (answer.status !== status || errorCodeOf(answer) !== code) {
    throw refuted(answer, code ? `${status} ${code}` : String(status));
  }
  const forms: [string, RegExp][] = [
    ['cache-control', /^no-store$/],
    ['x-content-type-options', /^nosniff$/],
    ['content-type', /^application\/json\b/],
    ['x-request-id', /./],
  ];
  for (const [name, form] of forms) {
    const value = answer.headers.get(name);
    if (value === null || !form.test(value)) {
      const wanted = name === 'cache-control' ? 'cache-control: no-store' : `a ${name} as in the contract`;
      throw refuted(answer, wanted, value === null ? `no ${name}` : `${name}: ${value}`);
    }
  }
}

/**
 * Expects exactly these fields, in this order.
 * @param what names the object, for example `a key`.
 * @throws CheckFailed, which names fields and contains no value.
 */
export function expectFields(answer: Answer, object: unknown, fields: readonly string[], what: string): void {
  const received = Object.keys(recordOf(object));
  if (received.join() === fields.join()) return;
  throw refuted(
    answer,
    `${what} with exactly ${fields.join(', ')}`,
    `${what} with ${received.join(', ') || 'no field'}`,
  );
}

import { adviceOn } from './advice';
import { type Answer, describe, errorCodeOf, recordOf } from './answer-text';
import { CheckFailed } from './check-failed';

/** A check that an answer did not pass. */
export function refuted(answer: Answer, expected: string, came?: string): CheckFailed {
  const described = describe(answer);
  return new CheckFailed(expected, came ? `${came} (${described})` : described, adviceOn(answer));
}

/**
 * The answer has this status, this error code if it is an error, and what the contract gives to every answer.
 * @throws CheckFailed
 */
export function expectStatus(answer: Answer, status: number, code?: string): void {
  if (answer.status !== status || errorCodeOf(answer) !== code) {
    throw refuted(answer, code ? `${status} ${code}` : String(status));
  }
  const headers: [string, RegExp][] = [
    ['cache-control', /^no-store$/],
    ['content-type', /^application\/json\b/],
    ['x-request-id', /./],
  ];
  for (const [name, form] of headers) {
    const value = answer.headers.get(name);
    if (value === null || !form.test(value)) {
      const wanted = name === 'cache-control' ? 'cache-control: no-store' : `a ${name} as in the contract`;
      throw refuted(answer, wanted, value === null ? `no ${name}` : `${name}: ${value}`);
    }
  }
}

/**
 * The object has exactly these fields, in this order.
 * @param what names it, as in `a member of keys.list`.
 * @throws CheckFailed, which names fields and holds no value.
 */
export function expectFields(answer: Answer, object: unknown, fields: readonly string[], what: string): void {
  const came = Object.keys(recordOf(object));
  if (came.join() === fields.join()) return;
  throw refuted(
    answer,
    `${what} with exactly ${fields.join(', ')}`,
    `${what} with ${came.join(', ') || 'none'}`,
  );
}

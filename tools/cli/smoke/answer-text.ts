import type { SessionToken } from './session-token';

/** An answer of the service, or of whatever else is at its URL. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What its JSON says; undefined when it is none. */
  readonly body: unknown;
  /** The session token that it was asked with, if with one. */
  readonly session: SessionToken | undefined;
}

/** The fields of what may be an object of JSON; none where it is not. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The code of the error that the service answered with, if it did. */
export const errorCodeOf = ({ body }: Answer): unknown => recordOf(recordOf(body).error).code;

/**
 * An answer as a person may see it: status, error code and message, and its id in the logs. Never another part of its
 * body, which may hold a secret.
 */
export function describe(answer: Answer): string {
  const { status, headers, body } = answer;
  const { message = recordOf(body).message } = recordOf(recordOf(body).error);
  const parts = [status, errorCodeOf(answer), message && JSON.stringify(message)];
  const id = headers.get('x-request-id');
  // The gateway's own answers have this one, which is the same in the logs.
  const gatewayId = headers.get('apigw-requestid');
  const known = id
    ? `x-request-id ${id}`
    : `no x-request-id${gatewayId ? `, apigw-requestid ${gatewayId}` : ''}`;
  const json = body === undefined ? ', no JSON' : '';
  return `${parts.filter((part) => part !== undefined).join(' ')}${json}, ${known}`;
}

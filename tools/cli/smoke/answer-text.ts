import type { SessionToken } from './session-token';

/** An answer of the service, or of another server at its URL. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; undefined when the body is not JSON. */
  readonly body: unknown;
  /** The session token of the request, if it had one. */
  readonly session: SessionToken | undefined;
}

/** The fields of a JSON object; none for any other value. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The code in an error of the service. */
export const errorCodeOf = ({ body }: Answer): unknown => recordOf(recordOf(body).error).code;

/**
 * An answer as it may be printed: status, error code and message, and its id in the logs. The rest of the body may
 * contain a secret.
 */
export function describe(answer: Answer): string {
  const { status, headers, body } = answer;
  const { message = recordOf(body).message } = recordOf(recordOf(body).error);
  const parts = [status, errorCodeOf(answer), message && JSON.stringify(message)];
  const id = headers.get('x-request-id');
  // Answers of the gateway itself have this id instead.
  const gatewayId = headers.get('apigw-requestid');
  const logId = id ? `x-request-id ${id}` : `no x-request-id${gatewayId ? `, apigw-requestid ${gatewayId}` : ''}`;
  const json = body === undefined ? ', not JSON' : '';
  return `${parts.filter((part) => part !== undefined).join(' ')}${json}, ${logId}`;
}

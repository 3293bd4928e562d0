import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { FunctionCode } from './lambda-function';

/**
 * The maximum size of an event and of a result, as JSON, in bytes: 6 MB, and 100 bytes more for a result.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxEventBytes = 6 * 1024 * 1024;
const maxResultBytes = maxEventBytes + 100;

/**
 * Invokes a function as API Gateway does. If the invocation fails, the result is API Gateway's own response: 413 for an
 * event that is too large, 503 after the timeout of the integration, and 500 for everything else.
 * @param integrationTimeoutMs how long API Gateway waits for the function.
 */
export async function invoke(
  code: FunctionCode,
  event: unknown,
  integrationTimeoutMs: number,
): Promise<APIGatewayProxyStructuredResultV2> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > maxEventBytes) return gatewayMessage(413, 'Request Entity Too Large');
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, result: APIGatewayProxyStructuredResultV2) =>
    new Promise<APIGatewayProxyStructuredResultV2>((done) => timers.push(setTimeout(() => done(result), ms)));
  try {
    const result = await Promise.race([
      code.handler(JSON.parse(payload), contextOf(code)) as Promise<APIGatewayProxyStructuredResultV2>,
      after(code.timeoutMs, gatewayMessage(500, 'Internal Server Error')),
      after(integrationTimeoutMs, gatewayMessage(503, 'Service Unavailable')),
    ]);
    const bytes = Buffer.byteLength(JSON.stringify(result));
    if (bytes > maxResultBytes) throw new Error(`The result has ${bytes} bytes. Lambda allows ${maxResultBytes}.`);
    return result;
  } catch (error) {
    console.error('The function failed:', error);
    return gatewayMessage(500, 'Internal Server Error');
  } finally {
    timers.forEach(clearTimeout);
  }
}

/** A response of API Gateway itself. */
export const gatewayMessage = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** The context of an invocation that begins now. */
export function contextOf({ name, memoryMb, timeoutMs }: FunctionCode): Context {
  const endsAt = performance.now() + timeoutMs;
  return {
    awsRequestId: randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(memoryMb),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  } as Context;
}

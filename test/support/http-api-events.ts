import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import type { Delivery } from '../../local/clerk/webhooks';

export interface EventOptions {
  readonly method?: string;
  /** The path after `/trpc/`. */
  readonly procedure?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An HTTP API event in payload format 2.0. Its members are those of the example in the AWS documentation. */
export function httpApiEvent(options: EventOptions = {}): APIGatewayProxyEventV2 {
  const {
    method = 'POST',
    procedure = 'keys.create',
    query = '',
    headers = {},
    body,
    isBase64Encoded = false,
  } = options;
  const routeKey = `${method} /trpc/{proxy+}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: `/trpc/${procedure}`,
    rawQueryString: query,
    headers: {
      accept: '*/*',
      'content-type': 'application/json',
      host: 'abc123.execute-api.eu-central-1.amazonaws.com',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...headers,
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: {
        method,
        path: `/trpc/${procedure}`,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: 'curl/8.5.0',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '15/Jan/2024:10:30:00 +0000',
      timeEpoch: 1_705_314_600_000,
    },
    pathParameters: { proxy: procedure },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}

/** The event that API Gateway creates from a webhook delivery of Clerk. */
export const webhookEvent = (delivery: Delivery): APIGatewayProxyEventV2 => deliveryEvent('/webhooks/clerk', delivery);

/** The event that API Gateway creates from a report of GitHub's secret scanning. */
export const reportEvent = (report: Delivery): APIGatewayProxyEventV2 => deliveryEvent('/leaks/github', report);

function deliveryEvent(path: string, { headers, body }: Delivery): APIGatewayProxyEventV2 {
  const { pathParameters, ...event } = httpApiEvent({ headers, body });
  return { ...event, routeKey: `POST ${path}`, rawPath: path };
}

/** @param remainingMs the time until the function's timeout. */
export function lambdaContext(remainingMs = 25_000): Context {
  const endsAt = performance.now() + remainingMs;
  return {
    awsRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
    functionName: 'api',
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  } as Context;
}

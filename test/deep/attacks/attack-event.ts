import { httpApiEvent } from '../../support/http-api-events';
import type { Attack, AttackRequest, Setting } from './attack';

/** The event that the gateway makes of the attack, payload format 2.0, changed as the attack wants it. */
export function attackEvent(attack: Attack, setting: Setting): unknown {
  const event = requestEvent(attack.request(setting));
  return attack.event ? attack.event(event, setting) : event;
}

/** The event that the gateway makes of a request, payload format 2.0. */
export function requestEvent(request: AttackRequest): Record<string, unknown> {
  const { method = 'POST', path = '/trpc/keys.create', query = '', headers = {}, body } = request;
  const { cookie, ...sent } = joined(headers);
  const { pathParameters: _ofTheExample, ...event } = httpApiEvent({ method, query });
  const procedure = path.startsWith('/trpc/') ? path.slice('/trpc/'.length) : undefined;
  const routeKey = `${method} ${procedure === undefined ? path : '/trpc/{proxy+}'}`;
  const bytes = Buffer.from(body ?? '');
  const isText = /^(text\/|application\/(json|javascript|xml)\b)/i.test(sent['content-type'] ?? '');
  return {
    ...event,
    routeKey,
    rawPath: path,
    headers: { host: event.headers.host, 'x-forwarded-proto': 'https', ...sent },
    requestContext: {
      ...event.requestContext,
      routeKey,
      http: { ...event.requestContext.http, method, path },
    },
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    ...(procedure !== undefined && { pathParameters: { proxy: decoded(procedure) } }),
    ...(bytes.length > 0 && { body: isText ? bytes.toString() : bytes.toString('base64') }),
    isBase64Encoded: bytes.length > 0 && !isText,
  };
}

/** Names in lower case, and what came more than once joined by commas. */
function joined(headers: NonNullable<AttackRequest['headers']>): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), [value].flat().join(',')]));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { httpApiEvent } from '../../support/http-api-events';
import type { Attack, AttackRequest, Setting } from './attack';

/** The attack as events in payload format 2.0, with the requests that go before it. */
export function attackEvents(attack: Attack, setting: Setting): { before: unknown[]; event: unknown } {
  const request = attack.request(setting);
  const event = requestEvent(request);
  return {
    before: (attack.before?.(setting, request) ?? []).map(requestEvent),
    event: attack.event ? attack.event(event, setting) : event,
  };
}

export function requestEvent(request: AttackRequest): Record<string, unknown> {
  const { method = 'POST', path = '/trpc/keys.create', query = '', headers = {}, body } = request;
  // Names in lower case; several headers of one name are joined by commas.
  const { cookie, ...sent } = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(',')]),
  );
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

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import type { ApiHarness } from '../../support/api-harness';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
import { parts } from './sequences';

export type Part = (typeof parts)[number];

/** The variable by which the function finds each part. */
export const endpointOf = {
  clerk: 'CLERK_API_URL',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsManager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const satisfies Record<Part, string>;

export const nowhere = 'http://127.0.0.1:1';

/** The way to each part, of one process or test alone: its faults are nobody else's. */
export interface Network extends Readonly<Record<Part, FaultyProxy>> {
  readonly environment: Readonly<Record<string, string>>;
  reset(): void;
  close(): Promise<void>;
}

/** @param targets where the parts are. */
export async function startNetwork(targets: ApiHarness['behind']): Promise<Network> {
  const proxies = await Promise.all(parts.map((part) => startFaultyProxy(targets[part])));
  const byPart = Object.fromEntries(parts.map((part, n) => [part, proxies[n]]));
  return {
    ...(byPart as Record<Part, FaultyProxy>),
    environment: Object.fromEntries(parts.map((part, n) => [endpointOf[part], proxies[n]?.url ?? ''])),
    reset: () => {
      for (const proxy of proxies) proxy.reset();
    },
    close: async () => {
      await Promise.allSettled(proxies.map((proxy) => proxy.close()));
    },
  };
}

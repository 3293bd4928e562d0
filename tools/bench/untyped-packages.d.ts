// Types of the packages that only the bench uses, for a checkout without them.

declare module '@better-auth/api-key' {
  export function apiKey(options: object): object;
}

declare module '@better-auth/memory-adapter' {
  export function memoryAdapter(rows: Record<string, Record<string, unknown>[]>): object;
}

declare module 'better-auth/minimal' {
  interface KeyApi {
    createApiKey(call: { body: { name: string; userId: string } }): Promise<{ id: string; key: string }>;
    verifyApiKey(call: {
      body: { key: string };
    }): Promise<{ valid: boolean; key: { id: string; name: string } | null }>;
  }
  export function betterAuth(options: object): { api: KeyApi };
}

declare module 'better-auth' {
  export { betterAuth } from 'better-auth/minimal';
}

declare module 'better-auth/db/migration' {
  export function getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
}

declare module 'autocannon' {
  interface Result {
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
    '2xx': number;
    latency: { average: number; p50: number; p99: number };
  }
  export default function autocannon(options: object): Promise<Result>;
}

declare module 'jose' {
  export function importSPKI(pem: string, algorithm: string): Promise<object>;
  export function jwtVerify(
    token: string,
    key: object,
    options: object,
  ): Promise<{ payload: { azp?: string; sub?: string; sid?: string; sts?: string } }>;
}

// The project's types are for Node 20, which does not have this module.
declare module 'node:sqlite' {
  export class DatabaseSync {
    constructor(path: string);
    prepare(sql: string, options?: object): object;
  }
}

import type { Log } from '../../lambda/shared/logger';

/** Environment variables with which every function can start. */
export const functionEnvironment = {
  STAGE: 'test',
  TABLE_NAME: 'keys',
  USES_TABLE_NAME: 'uses',
  AWS_REGION: 'us-east-1',
  KEY_PREFIX: 'sk_satori',
  KEY_REQUESTS_PER_MINUTE: '100',
  MAX_KEYS_PER_OWNER: '1000',
  KEYS_PER_OWNER_PER_HOUR: '1000',
  SCOPES: 'docs:read,docs:write',
  DEFAULT_SCOPES: '',
  MAX_KEY_LIFETIME_DAYS: 'off',
  ORGANIZATION_VIEW_ROLES: 'admin,member',
  ORGANIZATION_MANAGE_ROLES: 'admin',
  CLERK_SECRET_ID: 'clerk-secret',
  CLERK_INSTANCE: 'either',
  CLERK_ISSUER: 'https://clerk.test.example.com',
  CLERK_AUTHORIZED_PARTIES: 'https://app.test.example.com',
  // Of an authorizer.
  REQUIRED_SCOPES: '',
};

/** A log that adds its lines to a list, as objects. */
export function logTo(lines: Record<string, unknown>[]): Log {
  const line =
    (level: string) =>
    (message: string, fields = {}) =>
      void lines.push({ level, message, ...fields });
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

import { apiEnvironment, parseEnvironment } from '../../../lambda/shared/env';
import { functionEnvironment } from '../../support/environment';

const { REQUIRED_SCOPES, ...variables } = functionEnvironment;
const parties = ['https://a.example.com', 'https://b.example.com'];
const complete = {
  ...variables,
  DEFAULT_SCOPES: 'docs:read',
  MAX_KEY_LIFETIME_DAYS: '365',
  CLERK_AUTHORIZED_PARTIES: parties.join(),
};

describe('the environment of the API function', () => {
  it('is parsed into numbers and lists, with defaults', () => {
    expect(parseEnvironment(apiEnvironment, complete)).toEqual({
      ...complete,
      KEY_REQUESTS_PER_MINUTE: 100,
      MAX_KEYS_PER_OWNER: 1_000,
      KEYS_PER_OWNER_PER_HOUR: 1_000,
      PREVIOUS_KEY_PREFIXES: [],
      SCOPES: ['docs:read', 'docs:write'],
      DEFAULT_SCOPES: ['docs:read'],
      MAX_KEY_LIFETIME_DAYS: 365,
      ORGANIZATION_VIEW_ROLES: ['admin', 'member'],
      ORGANIZATION_MANAGE_ROLES: ['admin'],
      CLERK_AUTHORIZED_PARTIES: parties,
      ORPHAN_AGE_SECONDS: 60,
    });
  });

  it('has no maximum lifetime and no scopes if those are off and empty', () => {
    const none = { SCOPES: '', DEFAULT_SCOPES: '', MAX_KEY_LIFETIME_DAYS: 'off' };
    expect(parseEnvironment(apiEnvironment, { ...complete, ...none })).toMatchObject({
      SCOPES: [],
      DEFAULT_SCOPES: [],
      MAX_KEY_LIFETIME_DAYS: undefined,
    });
  });

  it.each(['https://clerk.example.com', 'http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'accepts %s as the address of a service',
    (url) => {
      const addresses = { CLERK_API_URL: url, AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: url };
      expect(parseEnvironment(apiEnvironment, { ...complete, ...addresses })).toMatchObject(addresses);
    },
  );

  const origins = [
    'https://a.example.com/',
    'https://a.example.com, https://b.example.com',
    'https://A.example.com',
    '*',
  ];
  const addresses = ['no URL', 'http://clerk.example.com', 'http://localhost.example.com', 'https://u:p@example.com'];
  const malformed: Record<string, readonly (string | undefined)[]> = {
    STAGE: [''],
    TABLE_NAME: ['', undefined],
    USES_TABLE_NAME: [undefined],
    AWS_REGION: [undefined],
    KEY_PREFIX: ['sk-satori', '', 'sk_', 'sk__satori', 'x'.repeat(33)],
    KEY_REQUESTS_PER_MINUTE: ['0', '1.5', 'many'],
    MAX_KEYS_PER_OWNER: ['0'],
    KEYS_PER_OWNER_PER_HOUR: ['many'],
    SCOPES: [undefined],
    DEFAULT_SCOPES: [undefined],
    MAX_KEY_LIFETIME_DAYS: ['0', ''],
    ORGANIZATION_VIEW_ROLES: [undefined],
    ORGANIZATION_MANAGE_ROLES: [undefined],
    CLERK_SECRET_ID: [''],
    CLERK_INSTANCE: ['live'],
    CLERK_ISSUER: [undefined, 'https://clerk.example.com/', 'http://clerk.example.com'],
    CLERK_AUTHORIZED_PARTIES: [undefined, ...origins],
    CLERK_API_URL: addresses,
    AWS_ENDPOINT_URL_DYNAMODB: ['http://dynamodb.example.com'],
    AWS_ENDPOINT_URL_SECRETS_MANAGER: ['http://secrets.example.com'],
    ORPHAN_AGE_SECONDS: ['0', '-1'],
  };
  it.each(Object.entries(malformed).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'is an error without values if %s is %j',
    (name, value) => {
      expect(() => parseEnvironment(apiEnvironment, { ...complete, [name]: value })).toThrow(
        new Error(`Environment variables missing or malformed: ${name}`),
      );
    },
  );
});

import { guardsOf } from '../guard';

const whoami = 'test/lambda/api/keys/whoami.test.ts';
const authorizerTest = ['test/lambda/authorizer/authorizer.test.ts'];

/** What a key looks like: what is not formed like one costs no call. */
const form = guardsOf(
  'lambda/services/key-secret.ts',
  [whoami],
  [
    {
      text: 'if (!secret.startsWith(',
      becomes: "if (secret === '' && secret.startsWith(",
      what: 'another product’s key asks nobody',
      promise: 'Verifying a key',
    },
    {
      text: '!clerkSecretPattern.test(clerkPrefix + random)',
      becomes: 'false',
      what: 'what is too long, or of another alphabet, asks nobody',
      promise: 'Verifying a key',
    },
    {
      text: 'if (checksum !== checksumOf(secret.slice(0, -checksumLength))) return undefined;',
      becomes: '',
      what: 'a slip of the hand asks nobody',
      promise: 'A key',
    },
    {
      text: 'hex.length > 32 ? undefined : hex',
      becomes: 'hex',
      what: 'what no UUID can be asks nobody',
      promise: 'Verifying a key',
    },
    {
      text: '{16,200}=*$/',
      becomes: '*=*$/',
      what: 'a Clerk secret that is too short or too long is not handed out',
      promise: 'A key',
      tests: ['test/lambda/services/key-secret.test.ts'],
    },
    {
      text: '/^ak_[A-Za-z0-9._~+/-]{16,200}=*$/',
      becomes: '/^ak_[^]{16,200}$/',
      what: 'a Clerk secret that cannot travel in a header is not handed out',
      promise: 'A key',
      tests: ['test/lambda/services/key-secret.test.ts'],
    },
    {
      text: "return digits.padStart(width, '0');",
      becomes: 'return digits;',
      what: 'each part of a key has its width',
      promise: 'A key',
      tests: ['test/lambda/services/key-secret.test.ts'],
    },
  ],
);

const authorizer = guardsOf('lambda/authorizer/authorizer.ts', authorizerTest, [
  {
    text: "throw new Error('The key could not be verified');",
    becomes: 'return { isAuthorized: false };',
    what: 'a key of which nobody can tell is not denied',
    promise: 'Guarding other APIs',
  },
  {
    text: 'if (denied) return { isAuthorized: false };',
    becomes: '',
    what: 'a refused key is denied, not an error',
    promise: 'Guarding other APIs',
  },
  {
    text: ' || error instanceof KeyLimited',
    becomes: '',
    what: 'a limited key is denied, not an error',
    promise: 'Guarding other APIs',
  },
  {
    text: 'await verifier.verify(',
    becomes:
      'await verifier.verify.call({ check: async () => ({}), metrics: { count: () => {} } } as never, ',
    what: 'a key is verified',
    promise: 'Guarding other APIs',
  },
  {
    text: 'const marginMs = 500;',
    becomes: 'const marginMs = 0;',
    what: 'a verdict comes before Lambda’s own end',
    promise: 'Guarding other APIs',
  },
]);

export const keyForm = [...form, ...authorizer];

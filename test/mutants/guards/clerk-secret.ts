import { guardsOf } from '../guard';

/** Clerk's keys from Secrets Manager. */
export const clerkSecret = guardsOf(
  'lambda/services/clerk-secret.ts',
  ['test/lambda/services/clerk-secret.test.ts'],
  [
    {
      text: 'if (this.cached && performance.now() < this.cached.readAgainAt)',
      becomes: 'if (this.cached)',
      what: 'a rotation is picked up within five minutes',
      promise: 'Making a key',
    },
    {
      text: 'if (this.cached && performance.now() < this.cached.readAgainAt) return this.cached.value;',
      becomes: '',
      what: 'the secret is read once, not once a request',
      promise: 'The table',
    },
    {
      text: 'this.reading ??=',
      becomes: 'this.reading =',
      what: 'requests that come while a read is under way share it',
      promise: 'The table',
    },
    {
      text: 'this.reading = undefined;',
      becomes: '',
      what: 'a read that failed is not the last',
      promise: 'Making a key',
    },
    {
      text: "deadline.race('secretsManager', this.reading, readMs);",
      becomes: 'this.reading;',
      what: 'a read is left behind when the request’s time is up',
      promise: 'Making a key',
    },
    {
      text: 'const readMs = 3_000;',
      becomes: 'const readMs = 30_000;',
      what: 'a read takes three seconds at most',
      promise: 'Making a key',
    },
    {
      text: 'if (!this.cached) throw failure;',
      becomes: 'throw failure;',
      what: 'the value in memory serves on through an outage',
      promise: 'Making a key',
    },
    {
      text: 'this.cached.readAgainAt = performance.now() + retryMs;',
      becomes: '',
      what: 'an outage costs a read in half a minute, not one a request',
      promise: 'Making a key',
    },
    {
      text: 'secretKey: z.string().check(z.regex(/^sk_\\S+$/)),',
      becomes: 'secretKey: z.string(),',
      what: 'a secret key looks like one',
      promise: 'Making a key',
    },
    {
      text: 'z.refine(isRsaPublicKey),',
      becomes: '',
      what: 'a public key is one',
      promise: 'Who calls',
    },
    {
      text: "!pem.includes('PRIVATE KEY') && ",
      becomes: '',
      what: 'a private key is not taken for a public one',
      promise: 'Who calls',
    },
    {
      text: "createPublicKey(pem).asymmetricKeyType === 'rsa'",
      becomes: 'createPublicKey(pem).asymmetricKeyType !== undefined',
      what: 'a public key is RSA’s',
      promise: 'Who calls',
    },
    {
      text: "pem.replaceAll('\\\\n', '\\n').trim()",
      becomes: 'pem',
      what: 'a PEM may be pasted with its line ends written out',
      promise: 'Who calls',
    },
    {
      text: "z.catch(z.optional(z.string().check(z.startsWith('whsec_'))), undefined)",
      becomes: 'z.optional(z.string())',
      what: 'a signing secret that is none is as good as missing',
      promise: 'When a user is deleted',
      tests: ['test/lambda/api/webhook.test.ts'],
    },
    {
      text: "z.catch(z.optional(z.string().check(z.startsWith('whsec_'))), undefined)",
      becomes: "z.optional(z.string().check(z.startsWith('whsec_')))",
      what: 'a wrong signing secret stops webhooks only',
      promise: 'When a user is deleted',
    },
    {
      text: "instance === 'production' && secretKey.startsWith('sk_test_')",
      becomes: 'false',
      what: 'a production stage takes no test key',
      promise: 'Who calls',
    },
    {
      text: `    this.checkInstance(value);
    this.cached = { value, readAgainAt: performance.now() + freshMs };`,
      becomes: `    this.cached = { value, readAgainAt: performance.now() + freshMs };
    this.checkInstance(value);`,
      what: 'a refused value takes no good one’s place',
      promise: 'Who calls',
    },
    {
      text: "instance === 'development' && secretKey.startsWith('sk_live_')",
      becomes: "secretKey.startsWith('sk_live_')",
      what: 'only a development stage is warned of a live key',
      promise: 'Who calls',
    },
    {
      text: "const refused = $metadata?.httpStatusCode === 400 && name !== 'ThrottlingException';",
      becomes: 'const refused = $metadata?.httpStatusCode === 400;',
      what: 'a throttled read heals by waiting',
      promise: 'Making a key',
    },
    {
      text: "const refused = $metadata?.httpStatusCode === 400 && name !== 'ThrottlingException';",
      becomes: 'const refused = false;',
      what: 'a secret that is missing or forbidden does not',
      promise: 'Making a key',
    },
    {
      text: "throw new ClerkSecretUnusable('not JSON');",
      becomes: 'json = {};',
      what: 'what is not JSON is said to be none',
      promise: 'Making a key',
      survives:
        'Without it the empty object is refused in its place, one line later: the log names all members as missing.',
    },
  ],
);

import { generateKeyPairSync } from 'node:crypto';
import { realClerkFrom } from '../../local/clerk-instance';
import { StartError } from '../../local/start-error';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const complete = { CLERK_SECRET_KEY: 'sk_test_x', CLERK_JWT_KEY: pem };
const dashboard = 'in the Clerk dashboard.';

describe('the settings of the real Clerk', () => {
  it('are absent without its keys', () => {
    expect(realClerkFrom({})).toBeUndefined();
  });

  it.each([undefined, 'https://clerk.example.com', 'http://localhost:4000'])('can have the address %s', (apiUrl) => {
    expect(realClerkFrom(complete, apiUrl)).toMatchObject({ secretKey: 'sk_test_x', jwtKey: pem, apiUrl });
  });

  it.each<[string, Record<string, string>, apiUrl: string | undefined, line: string]>([
    [
      'only a secret key',
      { CLERK_SECRET_KEY: 'sk_test_x' },
      undefined,
      'Set CLERK_JWT_KEY too, to use the real Clerk. To use the stand-in, set neither.',
    ],
    [
      'only an address',
      {},
      'https://clerk.example.com',
      'Set CLERK_SECRET_KEY and CLERK_JWT_KEY too, to use --clerk-api-url.',
    ],
    [
      'a public key that is not PEM',
      { ...complete, CLERK_JWT_KEY: 'x' },
      undefined,
      `CLERK_JWT_KEY must be one PEM block of the type PUBLIC KEY, not a certificate, private key or RSA PUBLIC KEY. Copy it from API keys ${dashboard}`,
    ],
    [
      'a PKCS #1 key',
      { ...complete, CLERK_JWT_KEY: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
      undefined,
      `CLERK_JWT_KEY must be one PEM block of the type PUBLIC KEY, not a certificate, private key or RSA PUBLIC KEY. Copy it from API keys ${dashboard}`,
    ],
    [
      'a publishable key as secret key',
      { ...complete, CLERK_SECRET_KEY: 'pk_test_x' },
      undefined,
      `CLERK_SECRET_KEY must be sk_test_ or sk_live_ followed by letters and digits. Copy it from API keys ${dashboard}`,
    ],
    [
      'a short signing secret',
      { ...complete, CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_AAAA' },
      undefined,
      `CLERK_WEBHOOK_SIGNING_SECRET must be whsec_ followed by base64 of at least 16 bytes. Copy it from the endpoint under Webhooks ${dashboard}`,
    ],
    [
      'an address in the environment',
      { ...complete, CLERK_API_URL: 'https://clerk.example.com' },
      undefined,
      'CLERK_API_URL is set, and npm start does not use it. Unset it, or use --clerk-api-url URL.',
    ],
    [
      'an address that is not https',
      complete,
      'http://clerk.example.com',
      '--clerk-api-url must be an https:// URL. http:// is accepted for localhost only.',
    ],
    [
      'a live key and another address',
      { ...complete, CLERK_SECRET_KEY: 'sk_live_x' },
      'http://localhost:4000',
      'A live key (sk_live_) is sent to https://api.clerk.com only. Leave out --clerk-api-url.',
    ],
    [
      'certificates that are not verified',
      { ...complete, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      undefined,
      'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the verification of certificates. Unset it. To add a certificate authority, set NODE_EXTRA_CA_CERTS.',
    ],
  ])('are refused with %s', (_what, environment, apiUrl, line) => {
    expect(() => realClerkFrom(environment, apiUrl)).toThrow(new StartError(line));
  });
});

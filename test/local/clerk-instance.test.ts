import { generateKeyPairSync } from 'node:crypto';
import { realClerkFrom } from '../../local/clerk-instance';
import { StartError } from '../../local/start-error';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const complete = { CLERK_SECRET_KEY: 'sk_test_x', CLERK_JWT_KEY: pem };

describe('the settings of the real Clerk', () => {
  it('are absent without its keys', () => {
    expect(realClerkFrom({})).toBeUndefined();
  });

  it.each([undefined, 'https://clerk.example.com', 'http://localhost:4000'])('can have the address %s', (apiUrl) => {
    expect(realClerkFrom(complete, apiUrl)).toMatchObject({ secretKey: 'sk_test_x', jwtKey: pem, apiUrl });
  });

  it('are refused in part', () => {
    expect(() => realClerkFrom({ CLERK_SECRET_KEY: 'sk_test_x' })).toThrow(/^Set CLERK_JWT_KEY too, .* set neither\.$/);
    expect(() => realClerkFrom({}, 'https://a.test')).toThrow(
      /^Set CLERK_SECRET_KEY and CLERK_JWT_KEY too, to use --cl/,
    );
  });

  it.each<[environment: Record<string, string>, line: RegExp]>([
    [{ CLERK_JWT_KEY: 'x' }, /^CLERK_JWT_KEY must be one PEM block/],
    [{ CLERK_SECRET_KEY: 'pk_test_x' }, /^CLERK_SECRET_KEY must be sk_test_ or sk_live_/],
    [{ CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_AAAA' }, /^CLERK_WEBHOOK_SIGNING_SECRET must be whsec_ followed by base64/],
    [{ CLERK_API_URL: 'https://a.test' }, /^CLERK_API_URL is set, and npm start does not use it\. .* --clerk-api-url/],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /^NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the verification/],
  ])('are refused with %j', (environment, line) => {
    expect(() => realClerkFrom({ ...complete, ...environment })).toThrow(StartError);
    expect(() => realClerkFrom({ ...complete, ...environment })).toThrow(line);
  });

  it.each([
    ['sk_test_x', 'http://clerk.example.com', /^--clerk-api-url must be an https:\/\/ URL/],
    ['sk_live_x', 'http://localhost:4000', /^A live key \(sk_live_\) is sent to https:\/\/api\.clerk\.com only/],
  ])('are refused with the key %s at %s', (CLERK_SECRET_KEY, apiUrl, line) => {
    expect(() => realClerkFrom({ ...complete, CLERK_SECRET_KEY }, apiUrl)).toThrow(line);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRecordFor } from '../../local/console/dist';
import { securityHeaders } from '../../local/console/headers';

/** A publishable key: the host of the Frontend API and "$", in base64. */
const publishableKeyOf = (host: string) => `pk_live_${Buffer.from(`${host}$`).toString('base64')}`;
const withClerk = { apiUrl: '', publishableKey: publishableKeyOf('clerk.example.com') };
const policyOf = (settings: { apiUrl: string; publishableKey: string }) =>
  securityHeaders(settings)['Content-Security-Policy']?.split('; ');

it.each([
  ['the local stand-in', { apiUrl: '', publishableKey: '' }],
  ['another origin and Clerk', { ...withClerk, apiUrl: 'https://keys.example.com' }],
])('with %s, no page can frame the console and no inline script runs', (_case, settings) => {
  const policy = policyOf(settings) ?? [];
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]));
  expect(policy.find((directive) => directive.startsWith('script-src'))).not.toMatch(/unsafe|nonce|data:|\*( |$)/);
  expect(securityHeaders(settings)).toMatchObject({
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
});

it('docs/console.md shows the headers of its example', () => {
  const doc = readFileSync(join(__dirname, '..', '..', 'docs', 'console.md'), 'utf8');
  const block = /```http\n(.+?)\n```/s.exec(doc)?.[1] ?? '';
  const documented = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  const settings = { apiUrl: 'https://keys.example.com', publishableKey: publishableKeyOf('clerk.example.com') };
  expect(documented).toEqual(securityHeaders(settings));
});

describe('a setting that cannot work stops the build, and is not repeated', () => {
  it.each([
    ['VITE_CLERK_PUBLISHABLE_KEY', 'sk_live_secretsecretsecret'],
    ['VITE_CLERK_PUBLISHABLE_KEY', 'pk_live_x'],
    ['VITE_CLERK_PUBLISHABLE_KEY', publishableKeyOf("evil.example 'unsafe-inline'")],
    ['VITE_CLERK_PUBLISHABLE_KEY', publishableKeyOf('evil.example; script-src *')],
    ['VITE_API_URL', 'no-scheme.example.com'],
    ['VITE_API_URL', 'ftp://keys.example.com'],
    ['VITE_SCOPES', 'docs.read'],
    ['VITE_SCOPES', '{"docs:read":1}'],
    ['VITE_MAX_KEY_LIFETIME_DAYS', 'forever'],
  ])('%s=%s', (name, value) => {
    const message = (() => {
      try {
        return JSON.stringify(buildRecordFor({ [name]: value }));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(new RegExp(`^${name} must be `));
    expect(message).not.toContain(value);
  });
});

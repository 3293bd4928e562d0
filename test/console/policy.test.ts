import { contentSecurityPolicy } from '../../local/console/page';

it('allows an API at another origin', () => {
  const policy = contentSecurityPolicy({ apiUrl: 'https://keys.example.com/', publishableKey: '' }, 'n');
  expect(policy.split('; ')).toContain("connect-src 'self' https://keys.example.com");
});

it('allows the Clerk instance of the publishable key', () => {
  // "clerk.example.accounts.dev$" in base64.
  const publishableKey = 'pk_test_Y2xlcmsuZXhhbXBsZS5hY2NvdW50cy5kZXYk';
  const directives = contentSecurityPolicy({ apiUrl: '', publishableKey }, 'n').split('; ');
  expect(directives).toContain(
    "script-src 'self' https://clerk.example.accounts.dev https://challenges.cloudflare.com",
  );
  expect(directives).toContain("connect-src 'self' https://clerk.example.accounts.dev");
  expect(directives).toContain("style-src 'self' 'unsafe-inline'");
});

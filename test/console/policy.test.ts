import { contentSecurityPolicy } from '../../local/console/page';

const directives = (policy: string) =>
  Object.fromEntries(policy.split('; ').map((line) => [line.split(' ')[0], line]));

it('lets the page call an API of another origin, by its origin alone', () => {
  const policy = contentSecurityPolicy({ apiUrl: 'https://keys.example.com/', publishableKey: '' }, 'n');
  expect(directives(policy)['connect-src']).toBe("connect-src 'self' https://keys.example.com");
});

it('lets in the Clerk instance that the publishable key names, and what it draws with', () => {
  // The key is pk_test_ and "clerk.example.accounts.dev$" in base64.
  const publishableKey = 'pk_test_Y2xlcmsuZXhhbXBsZS5hY2NvdW50cy5kZXYk';
  const policy = directives(contentSecurityPolicy({ apiUrl: '', publishableKey }, 'n'));
  expect(policy['script-src']).toBe(
    "script-src 'self' https://clerk.example.accounts.dev https://challenges.cloudflare.com",
  );
  expect(policy['connect-src']).toBe("connect-src 'self' https://clerk.example.accounts.dev");
  expect(policy['style-src']).toBe("style-src 'self' 'unsafe-inline'");
});

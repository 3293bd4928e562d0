import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockOf } from '../../support/documents';
import { App } from './support/app';

// A Next.js app with the route of docs/installing.md, and with the React component.

const route = blockOf('docs/installing.md', 'import { createKeyVerifier }').text;

let app: App;
beforeAll(() => {
  app = new App([
    ...['next', 'react', 'react-dom', '@aws-sdk/client-dynamodb'],
    ...['@tanstack/react-query@5', '@trpc/client@11', '@trpc/server@11'],
    ...['typescript@5.9', '@types/node@24', '@types/react@19'],
  ]);
  app.write({
    'app/layout.tsx': `import type { ReactNode } from 'react';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
    'app/docs/route.ts': route,
    'app/keys/page.tsx': `import { english } from 'satori-keys/react';
import { Keys } from './keys';

export default function Page() {
  return (
    <main>
      <p>{english.emptyText}</p>
      <Keys />
    </main>
  );
}
`,
    'app/keys/keys.tsx': `'use client';
import 'satori-keys/react/styles.css';
import { createTRPCClient } from '@trpc/client';
import type { AppRouter } from 'satori-keys';
import { keysLink } from 'satori-keys/client';
import { ApiKeys } from 'satori-keys/react';

const url = 'https://keys.example.com';
const client = createTRPCClient<AppRouter>({ links: [keysLink({ url, getToken: async () => null })] });

export const Keys = () => <ApiKeys client={client} apiUrl={url} />;
`,
    'next.config.mjs': 'export default { experimental: { cpus: 1 } };',
    '.env': 'SATORI_KEYS_TABLE=Keys\nSATORI_KEYS_USES_TABLE=Uses\nAWS_REGION=eu-west-1\n',
  });
});
afterAll(() => app.remove());

it('compiles and builds, with the route as a function', () => {
  expect(app.bin('next', 'build')).toMatch(/ƒ \/docs/);
});

it('a page of the server has the texts as values, and the component', () => {
  const html = readFileSync(join(app.folder, '.next/server/app/keys.html'), 'utf8');
  expect(html).toContain('<p>Create a key and give it to your program.');
  expect(html).toMatch(/<section class="satori-keys"><header.*Loading keys/s);
});

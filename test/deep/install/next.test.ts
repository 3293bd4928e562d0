import { blockOf } from '../../support/documents';
import { App } from './support/app';

// The route of docs/installing.md in a Next.js app.

const route = blockOf('docs/installing.md', 'import { createKeyVerifier }').text;

let app: App;
beforeAll(() => {
  app = new App([
    ...['next', 'react', 'react-dom', '@aws-sdk/client-dynamodb'],
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
    'next.config.mjs': 'export default { experimental: { cpus: 1 } };',
    '.env': 'SATORI_KEYS_TABLE=Keys\nSATORI_KEYS_USES_TABLE=Uses\nAWS_REGION=eu-west-1\n',
  });
});
afterAll(() => app.remove());

it('compiles and builds, with the route as a function', () => {
  expect(app.bin('next', 'build')).toMatch(/ƒ \/docs/);
});

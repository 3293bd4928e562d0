import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { type LoopbackServer, listen } from '../../../local/loopback';
import { blockOf, inlineCommand } from '../../support/documents';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import { launchOptions } from '../browser/support/chromium';
import { App } from './support/app';

// The React example of docs/console.md: built by Vite from the archive, it creates a key in a browser. And what a build
// leaves out.

const example = blockOf('docs/console.md', 'import { QueryClient,').text;
const [, , ...packages] = inlineCommand('docs/console.md', 'npm install @trpc/react-query @tanstack/react-query').split(
  ' ',
);

/** The page's URL and token are in its query. */
const main = `import { createRoot } from 'react-dom/client';
import { Keys, KeysProvider } from './keys';

const query = new URLSearchParams(location.search);
createRoot(document.getElementById('root') as HTMLElement).render(
  <KeysProvider url={query.get('url') ?? ''} getToken={async () => query.get('token')}>
    <Keys />
  </KeysProvider>,
);
`;
const compilerOptions = {
  ...{ target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'esnext', moduleResolution: 'bundler' },
  ...{ jsx: 'react-jsx', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true, types: [] },
};

const mediaTypes: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves the app's build at an origin of the stage's corsOrigins. */
function serveBuild(folder: string): Promise<LoopbackServer> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = pathname === '/' ? '/index.html' : pathname;
    try {
      const contents = readFileSync(join(folder, file));
      response.writeHead(200, { 'content-type': mediaTypes[extname(file)] ?? 'text/plain' }).end(contents);
    } catch {
      response.writeHead(404).end();
    }
  });
  return listen(server, 5173).catch(() => listen(server, 3000));
}

let app: App;
let api: LocalProcess;
let page: LoopbackServer;
let browser: Browser;
beforeAll(async () => {
  app = new App([
    ...packages,
    'react',
    'react-dom',
    '@types/react@19',
    '@types/react-dom@19',
    'vite@7',
    'typescript@7',
  ]);
  app.write({
    'index.html':
      '<!doctype html><html><body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>',
    'src/main.tsx': main,
    'src/keys.tsx': example,
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
  });
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
  await api?.stop();
  app.remove();
});

it('compiles', () => {
  app.bin('tsc');
});

it('builds, and its button creates a key that works', async () => {
  app.bin('vite', 'build');
  page = await serveBuild(join(app.folder, 'dist'));
  api = await startLocalProcess();
  browser = await chromium.launch(launchOptions());
  const visit = await browser.newPage();
  const query = new URLSearchParams({ url: api.url, token: await api.token() });
  await visit.goto(`http://localhost:${page.port}/?${query}`);
  await visit.getByRole('button', { name: 'Create key' }).click();
  const secret = (await visit.locator('output').textContent()) ?? '';
  const whoami = await fetch(`${api.url}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } });
  expect(await whoami.json()).toMatchObject({ name: 'Production Key' });
  await visit.getByText(/^Production Key sk_satori_test_.{4}…/).waitFor();
  // The service's answer to a second key of the same name reaches the page.
  await visit.getByRole('button', { name: 'Create key' }).click();
  await visit.getByRole('alert').getByText('An API key named "Production Key" already exists').waitFor();
});

describe('a build has only what the app imports from satori-keys/react', () => {
  /** Builds an app with this code. @returns the text of its scripts and of its stylesheets. */
  function built(code: string): { scripts: string; styles: string } {
    const html = '<!doctype html><html><body><script type="module" src="./main.ts"></script></body></html>';
    app.write({ 'part/index.html': html, 'part/main.ts': code });
    app.bin('vite', 'build', 'part', '--outDir', '../part-dist', '--emptyOutDir');
    const assets = join(app.folder, 'part-dist/assets');
    const textOf = (extension: string) =>
      readdirSync(assets)
        .filter((file) => extname(file) === extension)
        .map((file) => readFileSync(join(assets, file), 'utf8'))
        .join('\n');
    return { scripts: textOf('.js'), styles: textOf('.css') };
  }
  const partOfComponent = /sk-dialog|createContext|useState/;

  it.each([
    ['a type', `import { type Strings } from 'satori-keys/react'; console.log({} satisfies Partial<Strings>);`, 2_000],
    ['the texts', `import { english } from 'satori-keys/react'; console.log(english.title);`, 10_000],
  ])('%s: no part of the component, no React, no style', (_what, code, maxBytes) => {
    const { scripts, styles } = built(code);
    expect(scripts).not.toMatch(partOfComponent);
    expect(scripts.length).toBeLessThan(maxBytes);
    expect(styles).toBe('');
  });

  it('the component, and its stylesheet if it is imported', () => {
    const component = `import { ApiKeys } from 'satori-keys/react'; console.log(ApiKeys);`;
    expect(built(component)).toMatchObject({ scripts: expect.stringMatching(partOfComponent), styles: '' });
    const { scripts, styles } = built(`import 'satori-keys/react/styles.css'; console.log('only the stylesheet');`);
    expect(styles).toContain('.satori-keys');
    expect(scripts).not.toMatch(partOfComponent);
  });
});

import { blockOf } from '../../support/documents';
import { App } from './support/app';

// What a frontend gets that installs the package for its types and the link of its client.

const [, ...development] =
  blockOf('docs/installing.md', 'npm install -D').text.split('\n')[0]?.split(' ').slice(3) ?? [];
let app: App;
beforeAll(() => {
  app = new App([...development, '@trpc/client']);
});
afterAll(() => app.remove());

it('installs no CDK and no AWS SDK: the package, tRPC, and the compiler that tRPC wants', () => {
  const { names, megabytes } = app.installed();
  console.info(`A frontend installs ${names.length} packages, ${megabytes.toFixed(1)} MB: ${names.join(', ')}`);
  const withoutCompiler = names.filter((name) => !/^(@typescript\/)?typescript/.test(name));
  expect(withoutCompiler).toEqual(['@trpc/client', '@trpc/server', 'satori-keys']);
});

it('alone it is one package', () => {
  const alone = new App([]);
  const { names, megabytes } = alone.installed();
  console.info(`The package alone has ${megabytes.toFixed(1)} MB`);
  alone.remove();
  expect(names).toEqual(['satori-keys']);
});

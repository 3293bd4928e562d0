import { join } from 'node:path';
import project from '../../../package.json';
import { oldest, peers } from '../../../tools/package/peers';
import { App, errorsOfOurs } from './support/app';

// The types with the oldest and the newest compiler and packages, in each way to resolve modules.

const modules = Object.keys(project.exports).filter((subpath) => !/cdk$|\.(json|css)$/.test(subpath));
const imports = modules.map(
  (subpath, index) => `import type * as module${index} from '${join('satori-keys', subpath)}';`,
);
const everything = `${imports.join('\n')}
import type { AppRouter, RouterInputs, RouterOutputs } from 'satori-keys';
import { keysLink } from 'satori-keys/client';
import { createTRPCClient } from '@trpc/client';

export type All = [${modules.map((_, index) => `typeof module${index}`).join(', ')}];
export const client = createTRPCClient<AppRouter>({
  links: [keysLink({ url: 'https://keys.acme.com', getToken: async () => null })],
});
export const input: RouterInputs['keys']['create'] = { name: 'Production Key' };
export async function secretOf(): Promise<string> {
  const created: RouterOutputs['keys']['create'] = await client.keys.create.mutate(input);
  // @ts-expect-error a list has no secrets
  (await client.keys.list.query())[0]?.secret;
  // @ts-expect-error a key needs a name
  await client.keys.create.mutate({});
  return created.secret;
}
`;
const constructs = `import { KeyService, type KeyServiceProps } from 'satori-keys/cdk';

export const props: KeyServiceProps = {
  clerkIssuer: 'https://clerk.acme.com',
  authorizedParties: ['https://app.acme.com'],
  clerkInstance: 'production',
  corsOrigins: ['https://app.acme.com'],
  keyPrefix: 'sk_acme',
  // @ts-expect-error not a number of days that CloudWatch Logs knows
  logRetention: 31,
};
export const service = (...given: ConstructorParameters<typeof KeyService>): string => new KeyService(...given).apiUrl;
`;

const compilers = ['typescript-5@npm:typescript@5.9', 'typescript-7@npm:typescript@7.0.2', '@types/node@20'];

// The older compiler takes ten times as long, so it has one case each; with CDK in test/deep/install/cdk.test.ts.
describe.each([
  ['oldest', [...Object.keys(peers).map(oldest), '@types/react@18'], [['typescript-5', 'node16', 'node16', 'app.mts']]],
  [
    'newest',
    [...Object.keys(peers), '@types/react@19'],
    [
      ['typescript-5', 'bundler', 'esnext', 'app.ts'],
      ['typescript-5', 'node16', 'node16', 'app.cts'],
    ],
  ],
])('with the %s packages', (_age, packages, older) => {
  let app: App;
  beforeAll(() => {
    app = new App([...compilers, ...packages]);
    for (const extension of ['ts', 'mts', 'cts']) {
      app.write({ [`app.${extension}`]: everything, [`cdk.${extension}`]: constructs });
    }
  });
  afterAll(() => app.remove());

  const compile = (compiler: string, compilerOptions: object, file: string) => {
    const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noUnusedLocals: false };
    const options = { noEmit: true, target: 'es2022', types: ['node'], ...strict, ...compilerOptions };
    app.write({ 'tsconfig.json': JSON.stringify({ compilerOptions: options, files: [file] }) });
    return app.try('node', `node_modules/${compiler}/bin/tsc`, '--pretty', 'false').printed;
  };

  it.each([
    ...older,
    ['typescript-7', 'bundler', 'preserve', 'app.ts'],
    ['typescript-7', 'nodenext', 'nodenext', 'app.mts'],
    ['typescript-7', 'nodenext', 'nodenext', 'app.cts'],
    ['typescript-7', 'bundler', 'preserve', 'cdk.ts'],
    ['typescript-7', 'nodenext', 'nodenext', 'cdk.mts'],
    ['typescript-7', 'nodenext', 'nodenext', 'cdk.cts'],
  ])('%s, moduleResolution %s, module %s: %s', (compiler, moduleResolution, module, file) => {
    expect(errorsOfOurs(compile(compiler, { moduleResolution, module }, file))).toEqual([]);
  });
});

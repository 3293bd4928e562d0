import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oldest } from '../../../tools/package/peers';
import { blockOf } from '../../support/documents';
import { App } from './support/app';

// The CDK app of docs/installing.md, with the oldest and the newest aws-cdk-lib. It builds nothing and has no esbuild.

const stack = blockOf('docs/installing.md', 'import { CfnOutput, Stack').text;
const routes = blockOf('docs/installing.md', 'import { Stack }').text;

/** A second stack with routes that need a key. */
const main = (extension: string) => `import { App, Stack } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { AcmeStack } from './acme-stack${extension}';
import { DocsStack } from './docs-stack${extension}';

const app = new App({ outdir: 'cdk.out' });
const { keys } = new AcmeStack(app, 'Acme');
const handler = Function.fromFunctionArn(new Stack(app, 'Other'), 'Docs', 'arn:aws:lambda:eu-west-1:111122223333:function:docs');
new DocsStack(app, 'Docs', keys, handler);
app.synth();
`;
const files = (folder: string, extension: string) => ({
  [join(folder, 'main.ts')]: main(extension),
  [join(folder, 'acme-stack.ts')]: stack,
  [join(folder, 'docs-stack.ts')]: routes,
});

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

function assemblyOf({ folder }: App) {
  const output = join(folder, 'cdk.out');
  const template = (name: string): Template => JSON.parse(readFileSync(join(output, `${name}.template.json`), 'utf8'));
  const typesIn = (name: string) => Object.values(template(name).Resources).map(({ Type }) => Type);
  const bundles = readdirSync(output).filter((name) => existsSync(join(output, name, 'index.mjs')));
  return { template, typesIn, bundles };
}

function expectWholeService(app: App): void {
  const { template, typesIn, bundles } = assemblyOf(app);
  expect(Object.keys(template('Acme').Resources)).toEqual(
    expect.arrayContaining(['KeysTable', 'UsesTable', 'ClerkSecret']),
  );
  for (const type of ['AWS::ApiGatewayV2::Api', 'AWS::Lambda::Function', 'AWS::CloudWatch::Dashboard']) {
    expect(typesIn('Acme')).toContain(type);
  }
  expect(typesIn('Docs')).toContain('AWS::ApiGatewayV2::Authorizer');
  // The functions of the API, the events and the maintenance, and an authorizer.
  expect(bundles).toHaveLength(4);
  expect(app.installed().names.filter((name) => /esbuild/.test(name))).toEqual([]);
}

describe('an app as cdk init writes it, with the oldest aws-cdk-lib', () => {
  let app: App;
  beforeAll(() => {
    app = new App([
      ...[oldest('aws-cdk-lib'), oldest('constructs'), 'typescript@5.9', 'ts-node@10', '@types/node@24'],
      ...['jest@30', 'ts-jest@29', '@types/jest@30'],
    ]);
    const compilerOptions = {
      ...{ target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['es2022'], declaration: true },
      ...{ strict: true, noImplicitAny: true, strictNullChecks: true, noImplicitThis: true, alwaysStrict: true },
      ...{ noUnusedLocals: false, noUnusedParameters: false, noImplicitReturns: true, skipLibCheck: true },
      ...{
        inlineSourceMap: true,
        inlineSources: true,
        experimentalDecorators: true,
        strictPropertyInitialization: false,
      },
    };
    app.write({
      ...files('lib', ''),
      'tsconfig.json': JSON.stringify({ compilerOptions, exclude: ['node_modules', 'cdk.out'] }),
      'jest.config.js':
        "module.exports = { testEnvironment: 'node', roots: ['<rootDir>/test'], testMatch: ['**/*.test.ts'], transform: { '^.+\\\\.tsx?$': 'ts-jest' } };",
      'test/acme.test.ts': `import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AcmeStack } from '../lib/acme-stack';

test('the stack has the tables of keys and of uses', () => {
  Template.fromStack(new AcmeStack(new App(), 'Acme')).resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
});
`,
    });
  });
  afterAll(() => app.remove());

  it('synthesizes the whole service by ts-node', () => {
    app.bin('ts-node', '--prefer-ts-exts', 'lib/main.ts');
    expectWholeService(app);
  });

  it('its tests with ts-jest pass', () => {
    app.bin('jest');
  });
});

describe('an app of ECMAScript modules with the newest aws-cdk-lib', () => {
  let app: App;
  beforeAll(() => {
    app = new App(['aws-cdk-lib', 'constructs', 'typescript@7', '@types/node@24'], { type: 'module' });
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', types: ['node'], rootDir: 'lib', outDir: 'dist' },
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
    };
    app.write({ ...files('lib', '.js'), 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['lib'] }) });
  });
  afterAll(() => app.remove());

  it('compiles, and synthesizes the whole service in plain Node.js', () => {
    app.bin('tsc');
    app.run('node', 'dist/main.js');
    expectWholeService(app);
  });
});

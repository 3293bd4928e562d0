// Synthesizes the functions from the sources under a root and writes them into a folder: node synthesize-functions.ts <root> <folder>
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import type { Assembly } from '../../local/synthesize';
import type { NamedResource } from '../../local/template';
import { type DeployedFunction, entryOf, type FunctionName } from './deployed-function';

const [root = '', directory = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const load = (file: string) => import(join(root, file));
  const { synthesize, assemblyOf } = (await load('local/synthesize.ts')) as typeof import('../../local/synthesize');
  const { resolve, resourcesOf } = (await load('local/template.ts')) as typeof import('../../local/template');
  const { GuardedApi } = (await load(
    'examples/guarded-api/stack.ts',
  )) as typeof import('../../examples/guarded-api/stack');
  const cdkJson = (await load('cdk.json')) as { default: { context: Record<string, unknown> } };

  const keep = (name: FunctionName, assembly: Assembly, variable: string): DeployedFunction => {
    const withVariable = ({ Properties }: NamedResource) => Properties.Environment?.Variables[variable];
    const [lambda] = resourcesOf(assembly.template, 'AWS::Lambda::Function').filter(withVariable);
    if (!lambda) throw new Error(`No function has the variable ${variable}.`);
    const { Code, Environment, Handler } = lambda.Properties;
    const asset = assembly.assets.get(String(Code.S3Key).replace('.zip', ''));
    if (!asset) throw new Error(`The assembly lacks the code of ${lambda.logicalId}.`);
    const own = join(directory, name);
    cpSync(asset, own, { recursive: true });
    assembly.remove();
    const environment = resolve(assembly.template, Environment.Variables) as Record<string, string>;
    return { directory: own, ...entryOf(own, Handler), environment };
  };

  mkdirSync(directory, { recursive: true });
  const app = new App({
    context: cdkJson.default.context,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const guarded: Stack = new GuardedApi(app, 'guarded-api', { tableName: 'keys', usesTableName: 'uses' });
  const functions = {
    api: keep('api', synthesize('local'), 'CLERK_SECRET_ID'),
    authorizer: keep('authorizer', assemblyOf(guarded), 'TABLE_NAME'),
  };
  writeFileSync(join(directory, 'functions.json'), JSON.stringify(functions));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

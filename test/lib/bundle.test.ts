import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';
import { bundle, projectRoot } from '../../lib/bundle';
import { KeysFunction } from '../../lib/constructs/keys-function';
import { assemblyOf } from '../../local/synthesize';
import { resourcesOf } from '../../local/template';

const entries = ['lambda/http/handler.ts', 'lambda/authorizer/handler.ts', 'lambda/authorizer/authorizer.ts'];
const scratch = mkdtempSync(join(tmpdir(), 'satori-keys-bundle-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Synthesizes a function for each entry into a folder, and returns the asset hashes of their code. */
function codeIn(folder: string): string[] {
  const outdir = join(scratch, folder);
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'stack');
  entries.forEach((entry, index) => {
    const variables = { environment: {}, environmentSchema: z.object({}) };
    const props = { description: 'A test', ...variables, logRetention: RetentionDays.ONE_DAY, retainLogs: false };
    new KeysFunction(stack, `Function${index}`, { ...props, entry });
  });
  const { template } = assemblyOf(stack);
  return resourcesOf(template, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Code.S3Key);
}

it('does not depend on the output folder, and each function has its own code', () => {
  const here = codeIn('here');
  expect(codeIn('elsewhere/and/deeper')).toEqual(here);
  expect(new Set(here).size).toBe(entries.length);
});

it('does not contain the project’s path: source maps use relative paths', () => {
  for (const [name, contents] of bundle('lambda/http/handler.ts').files) {
    const text = Buffer.from(contents).toString();
    expect(text).not.toContain(projectRoot);
    if (name.endsWith('.map')) {
      const sources: string[] = JSON.parse(text).sources;
      // A chunk is named if it has only esbuild's own helpers.
      const relative = /^(\.\.\/(lambda|node_modules)\/|chunk-\w+\.mjs$)/;
      expect(sources.filter((source) => !relative.test(source))).toEqual([]);
    }
  }
});

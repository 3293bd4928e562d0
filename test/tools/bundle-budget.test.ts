import { bundle, entries, replacements } from '../../lib/bundle';
import budgets from '../../tools/budget/bundle-budget.json';
import { compare } from '../../tools/budget/compare';
import { type Contents, contentsOf } from '../../tools/budget/contents';

describe.each(['api', 'authorizer'] as const)('the bundle of the %s', (name) => {
  const { metafile } = bundle(entries[name]);
  const contents = contentsOf(metafile);

  it('is within its budget: if it is not and that was meant, npm run budget -- --write', () => {
    expect(compare(name, contents, budgets[name])).toEqual([]);
  });

  it('has nothing of what AWS’s clients would find credentials with outside of Lambda', () => {
    const finders = contents.inAll.packages.filter((one) => /credential-provider|token-providers/.test(one));
    expect(finders).toEqual(['@aws-sdk/credential-provider-env']);
    expect(contents.inAll.packages).not.toContain('@aws-sdk/nested-clients');
  });

  it.each(Object.keys(replacements))('has ours where AWS’s client imports %s', (replaced) => {
    const importers = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports.some(({ path, original }) => original === replaced && path.startsWith('lambda/')) ? [file] : [],
    );
    expect(importers).toContain('node_modules/@aws-sdk/client-dynamodb/dist-es/runtimeConfig.js');
  });
});

it('lets the API load 400 kB at import and no more, whatever is written into the budget', () => {
  expect(budgets.api.atImport.bytes).toBeLessThanOrEqual(400_000);
});

describe('the comparison with a budget', () => {
  const budget: Contents = {
    atImport: { bytes: 100, packages: ['a', 'b'] },
    inAll: { bytes: 200, packages: ['a', 'b', 'c'] },
  };

  it('names what came in, what is gone and what is too large, at import and in all', () => {
    const contents: Contents = {
      atImport: { bytes: 101, packages: ['a', 'c'] },
      inAll: { bytes: 200, packages: ['a', 'c', 'd'] },
    };
    expect(compare('api', contents, budget)).toEqual([
      'api, at import: 101 bytes, 100 are allowed',
      'api, at import: c came in',
      'api, at import: b is gone',
      'api, in all: d came in',
      'api, in all: b is gone',
    ]);
  });

  it('takes what is smaller', () => {
    const smaller = { atImport: { ...budget.atImport, bytes: 1 }, inAll: { ...budget.inAll, bytes: 1 } };
    expect(compare('api', smaller, budget)).toEqual([]);
  });
});

describe('what is in a bundle', () => {
  const output = (bytes: number, input: string, imports: string[][] = [], entryPoint?: string) => ({
    bytes,
    inputs: { [input]: { bytesInOutput: bytes } },
    imports: imports.map(([path = '', kind = '']) => ({ path, kind: kind as 'import-statement' })),
    exports: [],
    ...(entryPoint && { entryPoint }),
  });

  it('is at import what the entry imports by way of whatever file, and not what it imports later', () => {
    const outputs = {
      'bundle/index.mjs': output(
        1,
        'lambda/handler.ts',
        [
          ['bundle/shared.mjs', 'import-statement'],
          ['bundle/later.mjs', 'dynamic-import'],
        ],
        'lambda/handler.ts',
      ),
      'bundle/shared.mjs': output(20, 'node_modules/@a/b/dist/index.js', [
        ['bundle/deep.mjs', 'require-call'],
      ]),
      'bundle/deep.mjs': output(300, 'node_modules/a/node_modules/inner/index.js'),
      'bundle/later.mjs': output(4000, 'node_modules/later/index.js', [
        ['bundle/shared.mjs', 'import-statement'],
      ]),
      'bundle/index.mjs.map': output(50_000, 'lambda/handler.ts'),
    };
    expect(contentsOf({ inputs: {}, outputs })).toEqual({
      atImport: { bytes: 321, packages: ['@a/b', 'inner'] },
      inAll: { bytes: 4321, packages: ['@a/b', 'inner', 'later'] },
    });
  });
});

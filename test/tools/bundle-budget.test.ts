import { bundle, entries, replacements } from '../../lib/bundle';
import budgets from '../../tools/budget/bundle-budget.json';
import { compare } from '../../tools/budget/compare';
import { type Contents, contentsOf } from '../../tools/budget/contents';

describe.each(['api', 'authorizer'] as const)('the bundle of the %s', (name) => {
  const { metafile } = bundle(entries[name]);
  const contents = contentsOf(metafile);

  it('is within its budget, which npm run budget -- --write updates after an intended change', () => {
    expect(compare(name, contents, budgets[name])).toEqual([]);
  });

  it('contains no AWS credential provider but the one for the environment', () => {
    const providers = contents.inAll.packages.filter((one) => /credential-provider|token-providers/.test(one));
    expect(providers).toEqual(['@aws-sdk/credential-provider-env']);
    expect(contents.inAll.packages).not.toContain('@aws-sdk/nested-clients');
  });

  it('contains no scan of a table', () => {
    expect(Object.keys(metafile.inputs)).not.toContain('lambda/keys/repository/scan.ts');
  });

  const replaced = Object.keys(replacements).filter((module) => name === 'api' || module !== '#crypto');
  it.each(replaced)('replaces %s in a package', (module) => {
    const importers = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports.some(({ path, original }) => original === module && path.startsWith('lambda/')) ? [file] : [],
    );
    expect(importers).toContainEqual(expect.stringMatching(/^node_modules\//));
  });
});

it('the budget never allows the API more than 400 kB at import', () => {
  expect(budgets.api.atImport.bytes).toBeLessThanOrEqual(400_000);
});

describe('the comparison with a budget', () => {
  const budget: Contents = {
    atImport: { bytes: 100, packages: ['a', 'b'] },
    inAll: { bytes: 200, packages: ['a', 'b', 'c'] },
  };

  it('names new, removed and excess code, at import and in total', () => {
    const contents: Contents = {
      atImport: { bytes: 101, packages: ['a', 'c'] },
      inAll: { bytes: 200, packages: ['a', 'c', 'd'] },
    };
    expect(compare('api', contents, budget)).toEqual([
      'api, at import: 101 bytes, at most 100 allowed',
      'api, at import: c is new',
      'api, at import: b is no longer included',
      'api, in total: d is new',
      'api, in total: b is no longer included',
    ]);
  });
});

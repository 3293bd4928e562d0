import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
// Comes with what reads the workflows (@actions/languageservice).
import { parse } from 'yaml';
import * as z from 'zod';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const pattern = z.string().regex(/^(@[\w-]+\/)?[\w.*-]+$/);
/** The options of GitHub's reference that the file uses; another is refused here until it is looked up there. */
const options = z.strictObject({
  version: z.literal(2),
  updates: z.array(
    z.strictObject({
      'package-ecosystem': z.enum(['npm', 'github-actions']),
      directory: z.string().regex(/^\//),
      schedule: z.strictObject({ interval: z.enum(['daily', 'weekly', 'monthly']) }),
      cooldown: z.strictObject({ 'default-days': z.number().int().min(1).max(90) }),
      groups: z.record(
        z.string().regex(/^[a-z-]+$/),
        z.strictObject({ patterns: z.array(pattern).nonempty() }),
      ),
      ignore: z
        .array(
          z.union([
            z.strictObject({ 'dependency-name': pattern, versions: z.array(z.string()).nonempty() }),
            z.strictObject({
              'dependency-name': pattern,
              'update-types': z.array(z.enum(['version-update:semver-major'])).nonempty(),
            }),
          ]),
        )
        .optional(),
    }),
  ),
});
const { updates } = options.parse(parse(read('.github/dependabot.yml'), { strict: true, uniqueKeys: true }));

const manifests = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /(^|\/)package\.json$/.test(file) && !/(node_modules|cdk\.out)\//.test(file),
);
const npm = updates.filter((update) => update['package-ecosystem'] === 'npm');

/** What stands by name in the package.json of a directory. */
function namedIn(directory: string): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(read(join(directory, 'package.json')));
  return { ...dependencies, ...devDependencies };
}
const matches = (name: string, wanted: string) => {
  const [start = '', end] = wanted.split('*');
  return end === undefined ? name === wanted : name.startsWith(start) && name.endsWith(end);
};

it('looks after every package.json, and after the actions of the workflows', () => {
  expect(npm.map(({ directory }) => directory).sort()).toEqual(
    manifests.map((file) => join('/', dirname(file))).sort(),
  );
  const others = updates.filter((update) => !npm.includes(update));
  expect(others).toMatchObject([{ 'package-ecosystem': 'github-actions', directory: '/' }]);
});

describe.each(npm)('in $directory', ({ directory, groups, ignore = [] }) => {
  const names = Object.keys(namedIn(directory));
  const patterns = Object.values(groups).flatMap((group) => group.patterns);

  it('each pattern is of packages that are there, and each package is in one group at most', () => {
    const useless = patterns.filter((wanted) => !names.some((name) => matches(name, wanted)));
    const twice = names.filter((name) => patterns.filter((wanted) => matches(name, wanted)).length > 1);
    expect({ useless, twice }).toEqual({ useless: [], twice: [] });
  });

  it('what is left out is there, and not of a version that is', () => {
    for (const rule of ignore) {
      const version = namedIn(directory)[rule['dependency-name']];
      expect(version).toMatch(/^\d/);
      if ('versions' in rule) expect(rule.versions).not.toContain(version);
    }
  });
});

it.each([
  ['the clients of AWS', ['@aws-sdk/client-dynamodb', '@aws-sdk/client-secrets-manager']],
  ['the two halves of CDK', ['aws-cdk', 'aws-cdk-lib', 'constructs']],
  [
    'both ends of tRPC, which an override ties',
    ['@trpc/server', '@trpc/client', '@trpc/tanstack-react-query'],
  ],
])('%s come in one pull request', (_what, together) => {
  const groups = npm.flatMap((update) => Object.values(update.groups));
  const [first, ...more] = together.map((name) =>
    groups.findIndex((group) => group.patterns.some((wanted) => matches(name, wanted))),
  );
  expect(first).toBeGreaterThanOrEqual(0);
  expect(more).toEqual(more.map(() => first));
});

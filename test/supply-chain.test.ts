import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

/** What a lock file of version 3 says of one package. */
interface Locked {
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  /** Its files are in the archive of the package that it lies in, and under that one's integrity. */
  readonly inBundle?: boolean;
}
type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly overrides?: Readonly<Record<string, string | Versions>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)package\.json$/.test(file) && !/(node_modules|cdk\.out)\//.test(file))
  .map(dirname)
  .sort();

it('knows each folder that has packages of its own', () => {
  expect(folders).toEqual(['.', 'tools/bench']);
});

/**
 * Licences that ask for no more than their notice, which is kept with the sources. Whoever adds one has read it:
 * nothing that asks for the source of what it is part of, or that forbids a use.
 */
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'Zlib',
];

/** Packages whose licence is none of these, or that name none, each with the reason to take it all the same. */
const exceptions = new Map([
  // Tables of which browser can do what, and no code. Babel reads them in tests; nobody is given them.
  ['caniuse-lite', 'CC-BY-4.0'],
  // Run unchanged by the browser tests, and handed on to nobody: what MPL asks for is asked of who hands it on.
  ['axe-core', 'MPL-2.0'],
]);

/** Whether an SPDX expression can be met by allowed licences alone. It is of one kind: all ORs, or all ANDs. */
function isAllowed(expression = ''): boolean {
  const flat = expression.replace(/^\((.+)\)$/, '$1');
  const alternatives = flat.split(' OR ');
  if (alternatives.length > 1) return alternatives.some((one) => allowed.includes(one));
  return flat.split(' AND ').every((one) => allowed.includes(one));
}

describe('the check of licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['(MIT AND Zlib)', true],
    ['Apache-2.0 AND MIT', true],
    ['GPL-3.0-or-later', false],
    ['(MIT AND GPL-3.0-or-later)', false],
    ['AGPL-3.0-only OR SSPL-1.0', false],
    ['MIT OR Apache-2.0 AND GPL-2.0-only', true],
    ['GPL-2.0-only OR Apache-2.0 AND GPL-2.0-only', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['', false],
    [undefined, false],
  ])('%s may be used: %s', (expression, answer) => {
    expect(isAllowed(expression)).toBe(answer);
  });

  it('makes no exception for what is not there', () => {
    const names = folders.flatMap((folder) => lockedIn(folder).map(({ name }) => name));
    expect([...exceptions.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});

const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'package.json')));
const lockOf = (folder: string) => read(join(folder, 'package-lock.json'));

/** Every package of a lock file; the first entry, without a path, is the project itself. */
function lockedIn(folder: string): (Locked & { readonly path: string; readonly name: string })[] {
  const { packages } = JSON.parse(lockOf(folder)) as { packages: Record<string, Locked> };
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => ({ ...locked, path, name: path.replace(/^.*node_modules\//, '') }));
}

describe.each(folders)('the packages of %s', (folder) => {
  const locked = lockedIn(folder);
  const manifest = manifestOf(folder);

  it('are all looked at', () => {
    expect(locked.length).toBeGreaterThan(100);
  });

  it('have licences that we may use', () => {
    const refused = locked.filter(
      ({ name, license }) =>
        !isAllowed(license) && !(exceptions.has(name) && exceptions.get(name) === license),
    );
    expect(refused.map(({ path, license }) => `${path}: ${license}`)).toEqual([]);
  });

  it('are of one version each where we name them, and that is the one in the lock file', () => {
    const project = JSON.parse(lockOf(folder)).packages[''];
    for (const kind of ['dependencies', 'devDependencies'] as const) {
      expect(project[kind]).toEqual(manifest[kind]);
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        expect(`${name} ${version}`).toMatch(/^\S+ \d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/);
        expect(locked).toContainEqual(expect.objectContaining({ path: `node_modules/${name}`, version }));
      }
    }
  });

  it('are overridden with one version, or with the one that we name', () => {
    const versions = Object.values(manifest.overrides ?? {}).flatMap((value) =>
      typeof value === 'string' ? [value] : Object.values(value),
    );
    for (const version of versions) expect(version).toMatch(/^(\d+\.\d+\.\d+|\$(@[\w-]+\/)?[\w-]+)$/);
  });

  it('are known by their bytes: each has a SHA-512, or is in the archive of one that has', () => {
    const unknown = locked.filter(({ path, integrity, inBundle }) =>
      inBundle
        ? !locked.some((holder) => path.startsWith(`${holder.path}/`) && holder.integrity)
        : !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
    );
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });

  it('come from the registry of whoever installs them: the lock file has no address', () => {
    expect(lockOf(folder)).not.toMatch(/"resolved"|git\+|"link"/);
    expect(read(join(folder, '.npmrc'))).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('run nothing of their own while they are installed', () => {
    const scripted = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    const denied = Object.fromEntries(scripted.map((name) => [name, false]));
    expect(manifest.allowScripts ?? {}).toEqual(denied);
  });
});

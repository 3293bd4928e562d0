import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
// A dependency of @actions/languageservice.
import { parse } from 'yaml';

const root = join(__dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)package\.json$/.test(file) && !/(node_modules|cdk\.out|\.next|dist)\//.test(file))
  .map(dirname);

interface Locked {
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  /** Whether the package is part of its parent's archive. The parent then has the integrity. */
  readonly inBundle?: boolean;
}

/** Permissive licences, as the lock files spell them. Read a licence before you add it. */
const allowed = (
  '0BSD|Apache-2.0|Apache-2.0 AND MIT|BSD-2-Clause|BSD-3-Clause|BlueOak-1.0.0|ISC|MIT|MIT OR Apache-2.0|MIT-0|' +
  'Unlicense|(MIT AND Zlib)|(MIT OR CC0-1.0)|(MIT OR GPL-3.0-or-later)'
).split('|');

/** Packages that only tests use. They are not distributed. The last are Next.js's optional library for images. */
const exceptions: readonly [RegExp, RegExp][] = [
  [/^node_modules\/axe-core$/, /^MPL-2\.0$/],
  [/^node_modules\/caniuse-lite$/, /^CC-BY-4\.0$/],
  [/^node_modules\/@img\/sharp-/, /LGPL-3\.0-or-later/],
];

const lifecycle = ['preinstall', 'install', 'postinstall'];

/** Installs a package with such scripts in a project with an .npmrc. @returns the names of those that ran. */
function scriptsThatRun(npmrc: string): string[] {
  const temporary = mkdtempSync(join(tmpdir(), 'satori-keys-install-'));
  const [scripted, project] = [join(temporary, 'scripted'), join(temporary, 'project')] as const;
  try {
    for (const directory of [scripted, project]) mkdirSync(directory);
    writeFileSync(join(project, '.npmrc'), readFileSync(npmrc));
    const scripts = Object.fromEntries(lifecycle.map((name) => [name, `touch "${join(temporary, name)}"`]));
    writeFileSync(join(scripted, 'package.json'), JSON.stringify({ name: 'scripted', version: '1.0.0', scripts }));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true }));
    const npm = (cwd: string, ...words: string[]) => {
      const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
      const env = { ...Object.fromEntries(kept), npm_config_userconfig: '/dev/null' };
      execFileSync('npm', [...words, '--offline', '--no-audit'], { cwd, env, stdio: 'ignore' });
    };
    npm(scripted, 'pack', '--ignore-scripts');
    npm(project, 'install', join(scripted, 'scripted-1.0.0.tgz'));
    return lifecycle.filter((name) => existsSync(join(temporary, name)));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

describe.each(folders)('the packages of %s', (folder) => {
  const lock = read(join(folder, 'package-lock.json'));
  const { '': _project, ...packages } = JSON.parse(lock).packages as Record<string, Locked>;
  const { dependencies, devDependencies, overrides, allowScripts } = JSON.parse(read(join(folder, 'package.json')));

  it('have permitted licences', () => {
    const refused = Object.entries(packages).filter(
      ([path, { license = '' }]) =>
        !allowed.includes(license) && !exceptions.some(([of, exception]) => of.test(path) && exception.test(license)),
    );
    expect(refused).toEqual([]);
  });

  it('have exact versions', () => {
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...overrides }).flatMap(([name, version]) =>
      Object.values(typeof version === 'string' ? [version] : { ...(version as object) }).map(
        (one) => `${name} ${one}`,
      ),
    );
    expect(versions.filter((version) => !/ (\d+\.\d+\.\d+|\$[@\w/-]+)$/.test(version))).toEqual([]);
  });

  it('have a SHA-512, or are part of an archive that has one', () => {
    const unknown = Object.values(packages).filter(
      ({ integrity = '', inBundle }) => !inBundle && !/^sha512-[\w+/]{86}==$/.test(integrity),
    );
    expect(unknown).toEqual([]);
  });

  it('come from the configured npm registry: the lock file contains no URL', () => {
    expect(lock).not.toMatch(/"resolved"|git\+|"link"/);
    expect(read(join(folder, '.npmrc'))).toContain('omit-lockfile-registry-resolved=true');
  });

  it('are listed as denied if they have install scripts, so that a new one is noticed', () => {
    const scripted = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    const denied = scripted.map((path) => [path.replace(/^.*node_modules\//, ''), false]);
    expect(allowScripts ?? {}).toEqual(Object.fromEntries(denied));
  });

  it('run no install scripts', () => {
    expect(scriptsThatRun(join(root, folder, '.npmrc'))).toEqual([]);
  });
});

it('a project without such an .npmrc runs the install scripts of its packages', () => {
  expect(scriptsThatRun('/dev/null')).toEqual(lifecycle);
});

it('Dependabot updates each package.json, requirements.txt, the actions and the pom.xml, a week after each release', () => {
  const { updates } = parse(read('.github/dependabot.yml'));
  type Update = Record<string, unknown>;
  const covered = updates.map((update: Update) => [update['package-ecosystem'], update.directory, update.cooldown]);
  const week = { 'default-days': 7 };
  const manifests = folders.map((folder) => ['npm', join('/', folder), week]);
  const others = [
    ['github-actions', '/', week],
    ['maven', '/test/deep/dynamodb-local', week],
    ...['deploy/cfn-lint', 'emulator', 'fuzz'].map((folder) => ['pip', `/test/deep/${folder}`, week]),
  ];
  expect(covered.sort()).toEqual([...others, ...manifests].sort());
});

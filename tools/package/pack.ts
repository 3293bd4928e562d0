import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle, entries as functions, projectRoot, writeBundle } from '../../lib/bundle';
import { writeDeclarations } from './declarations';
import { entriesOf, filesOf, type ProjectManifest, packedManifest, repositoryPage } from './manifest';
import { buildCommands, buildModules, bundledPackages } from './modules';
import { licencesOf, withAbsoluteLinks } from './texts';

// npm run pack: builds the package in dist/package, and its archive in dist. docs/installing.md says how to publish it.

const dist = join(projectRoot, 'dist');
const folder = join(dist, 'package');
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

async function main(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const project: ProjectManifest = JSON.parse(read('package.json'));
  const entries = entriesOf(project);
  const bundles = Object.entries(functions).map(([name, entry]) => [name, bundle(entry)] as const);
  for (const [name, built] of bundles) writeBundle(built, join(folder, 'functions', name));
  const modules = await buildModules(entries, folder);
  const commands = await buildCommands('tools/cli/main.ts', join(folder, 'commands'));
  const command = join('commands', 'satori-keys.mjs');
  write(command, `#!/usr/bin/env node\n${readFileSync(join(folder, command), 'utf8')}`);
  writeDeclarations(entries, folder);
  for (const subpath of filesOf(project)) {
    mkdirSync(dirname(join(folder, subpath)), { recursive: true });
    copyFileSync(join(projectRoot, project.exports[subpath] ?? ''), join(folder, subpath));
  }
  const page = repositoryPage(project);
  write('README.md', withAbsoluteLinks(read('README.md'), page));
  write('CHANGELOG.md', withAbsoluteLinks(read('CHANGELOG.md'), page));
  write('LICENSE', read('LICENSE'));
  const all = [...modules, commands, ...bundles.map(([, { metafile }]) => metafile)];
  write('THIRD-PARTY-LICENSES.txt', licencesOf(bundledPackages(all)));
  write('package.json', `${JSON.stringify(packedManifest(project), null, 2)}\n`);
  if (page.includes('example.com')) console.warn(`repository in package.json is a sample (${page}). Set your own.`);
  const words = ['pack', '--ignore-scripts', '--pack-destination', dist];
  const archive = execFileSync('npm', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  console.log(join(dist, archive.trim().split('\n').at(-1) ?? ''));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

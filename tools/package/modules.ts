import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { projectRoot } from '../../lib/bundle';
import { packageOf, peers } from './peers';

/** A module that the package exports: its subpath without `./`, and its source. */
export interface Entry {
  /** Such as `verify/hono`; `index` for the package itself. */
  readonly name: string;
  /** Relative to the project root. */
  readonly source: string;
}

/**
 * Parts of an exported module that are files of their own. A bundler leaves out a file of which an app uses nothing, so
 * the texts come without the component. Within one file it cannot remove everything that is unused.
 */
const innerModules: readonly Entry[] = [
  { name: 'react/api-keys', source: 'packages/react/api-keys.tsx' },
  { name: 'react/strings', source: 'packages/react/text/strings.ts' },
];

export const formats = {
  esm: { extension: '.mjs', define: { __dirname: 'import.meta.dirname' } },
  cjs: { extension: '.cjs', define: {} },
} as const;

export type Format = keyof typeof formats;

/** Sources of a clone that the package replaces: what a clone builds or configures itself. */
const replaced: Readonly<Record<string, string>> = {
  [join(projectRoot, 'lib/bundled-code.ts')]: join(projectRoot, 'packages/cdk/prebuilt-code.ts'),
  [join(projectRoot, 'stages.config.ts')]: join(projectRoot, 'packages/commands/no-stages.ts'),
};

const resolving = Symbol('resolving');

/**
 * Keeps imports of packages that the app installs itself, and bundles all other packages. An exported module imports
 * other exported modules instead of containing copies of them.
 */
const packageRules = (entries: readonly Entry[], self: Entry, extension: string): Plugin => ({
  name: 'package-rules',
  setup(building) {
    building.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...context }) => {
      if (pluginData === resolving || context.kind === 'entry-point') return undefined;
      if (isBuiltin(path)) return { path, external: true, sideEffects: false };
      if (packageOf(path) in peers) return { path, external: true };
      // Only lib/bundle.ts needs it, whose functions the package does not call.
      if (path === 'esbuild') return { path, external: true, sideEffects: false };
      const resolved = await building.resolve(path, { ...context, pluginData: resolving });
      const entry = entries.find(({ source }) => join(projectRoot, source) === resolved.path);
      if (entry) return { path: relativeTo(self, entry, extension), external: true };
      return { ...resolved, path: replaced[resolved.path] ?? resolved.path };
    });
  },
});

function relativeTo(self: Entry, { name }: Entry, extension: string): string {
  const up = '../'.repeat(self.name.split('/').length - 1) || './';
  return `${up}${name}${extension}`;
}

const common = {
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'] as string[],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  tsconfigRaw: {},
  jsx: 'automatic',
} as const satisfies BuildOptions;

/** Compiles the exported modules into a folder. @returns what is in them. */
export async function buildModules(entries: readonly Entry[], folder: string): Promise<Metafile[]> {
  const built: Metafile[] = [];
  const all = [...entries, ...innerModules];
  for (const format of Object.keys(formats) as Format[]) {
    const { extension, define } = formats[format];
    for (const entry of all) {
      const options = {
        ...common,
        entryPoints: [entry.source],
        outfile: join(folder, format, entry.name + extension),
        format,
        define: { ...define },
        plugins: [packageRules(all, entry, extension)],
      };
      built.push((await build(options)).metafile);
    }
  }
  return built;
}

/** Compiles the commands, with everything that they need: `npx satori-keys` needs no other package. */
export async function buildCommands(source: string, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: { 'satori-keys': source },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    format: 'esm',
    minify: true,
    // Some packages are CommonJS and call require.
    banner: { js: "import{createRequire as requireIn}from'node:module';const require=requireIn(import.meta.url);" },
    plugins: [commandRules],
  });
  return metafile;
}

const commandRules: Plugin = {
  name: 'command-rules',
  setup(building) {
    building.onResolve({ filter: /^#stages\.config$/ }, () => ({
      path: replaced[join(projectRoot, 'stages.config.ts')],
    }));
    building.onResolve({ filter: /^esbuild$/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};

/** The folders of the packages whose code is in the modules, such as `node_modules/zod`. */
export const bundledPackages = (metafiles: readonly Metafile[]): string[] =>
  [
    ...new Set(
      metafiles
        .flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))
        .map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
        .filter((path) => path !== undefined),
    ),
  ].sort();

/** The name and version in a package's own package.json. */
export const manifestOf = (folder: string): { name: string; version: string; license?: string } =>
  JSON.parse(readFileSync(join(projectRoot, folder, 'package.json'), 'utf8'));

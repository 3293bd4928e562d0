import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { mergeStart } from './start-file';

/** The project's root folder. */
export const projectRoot = join(__dirname, '..');

/** The bundled code of a function. */
export interface Bundle {
  /** The contents of each file, by file name. All files belong in one folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** esbuild's description of the sources of each file. */
  readonly metafile: Metafile;
}

/** The source file of each function's handler, relative to the project root. */
export const entries = {
  api: 'lambda/http/handler.ts',
  authorizer: 'lambda/authorizer/handler.ts',
  events: 'lambda/events/handler.ts',
  maintenance: 'lambda/maintenance/handler.ts',
} as const;

const replacement = (name: string) => join(projectRoot, 'lambda', 'shared', 'replacements', `${name}.ts`);

/** Modules that the bundle replaces with a file of this project, to start faster: docs/design.md, "The bundle". */
export const replacements: Readonly<Record<string, string>> = {
  '#crypto': replacement('clerk-crypto'),
  '@aws-sdk/credential-provider-node': replacement('aws-credentials'),
  '@aws-sdk/middleware-endpoint-discovery': replacement('endpoint-discovery'),
  '@smithy/core/event-streams': replacement('event-streams'),
  'node:fs': replacement('fs'),
  'node:fs/promises': replacement('fs-promises'),
  'node:http': replacement('http'),
  'node:process': replacement('process'),
};

/**
 * Members of the global object that `@clerk/backend` reads when it is loaded, and does not use here. Reading one of them
 * loads Node's `fetch`.
 */
const unused = ['FormData', 'Headers', 'Request', 'Response'].map((name) => [`globalThis.${name}`, 'undefined']);

const output = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  // Ignore the tsconfig.json of the project that uses this package.
  tsconfigRaw: {},
} satisfies BuildOptions;

/**
 * Bundles a function into `index.mjs` and `start.mjs`, with its dynamic imports in other files. The output depends only
 * on the sources, not on where the project or the output folder is.
 * @param entry the handler's source file, relative to the project root.
 * @param mergesStart false for the files as esbuild makes them, with the state of the function in `index.mjs`.
 * @throws Error from esbuild, after esbuild has printed the details.
 */
export function bundle(entry: string, mergesStart = true): Bundle {
  const { outputFiles, metafile } = buildSync({
    ...output,
    absWorkingDir: projectRoot,
    entryPoints: { index: entry },
    // Source maps have paths relative to this folder, so it is always the same. Nothing is written to it.
    outdir: join(projectRoot, 'bundle'),
    write: false,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    mainFields: ['module', 'main'],
    alias: { ...replacements },
    define: Object.fromEntries(unused),
    metafile: true,
  });
  const all = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  if (!mergesStart) return { files: all, metafile };
  const { files, outputs } = mergeStart(all, metafile.outputs, output);
  return { files, metafile: { ...metafile, outputs } };
}

/** Writes the files of a bundle into a folder, and creates the folder if necessary. */
export function writeBundle({ files }: Bundle, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
}

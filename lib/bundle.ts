import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/** The folder that all paths here start from. */
export const projectRoot = join(__dirname, '..');

/** The code of a function: files by their names, all of one folder, and what went into each. */
export interface Bundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
}

/** The source file of each function's handler, relative to the project's root. */
export const entries = { api: 'lambda/http/handler.ts', authorizer: 'lambda/authorizer/handler.ts' } as const;

/** What is bundled in place of a package. */
export const replacements: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': join(projectRoot, 'lambda', 'shared', 'aws-credentials.ts'),
};

/**
 * The bundle of a function: `index.mjs`, what it imports at once, and what it imports later, if ever. The same sources
 * make the same bytes, wherever the project lies and wherever they are written.
 * @param entry the source file of the handler, from the project's root.
 * @throws Error of esbuild's, which has then printed what is wrong.
 */
export function bundle(entry: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: { index: entry },
    // Nothing is written there: source maps name their sources relative to it, so it is always the same.
    outdir: join(projectRoot, 'bundle'),
    write: false,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { ...replacements },
    minify: true,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    // Settings of the project that the package is used from are not ours.
    tsconfigRaw: {},
  });
  return { files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])), metafile };
}

/** Writes the files of a bundle into a folder, which is made if need be. */
export function writeBundle({ files }: Bundle, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

type Outputs = Metafile['outputs'];
type Files = ReadonlyMap<string, Uint8Array>;

/** The one file that a function loads at its start, besides `index.mjs`, which only exports from it. */
const startFile = 'start.mjs';

/**
 * Merges all files that a function loads at its start into one. esbuild puts code that two files share into a third one,
 * and a function would load about ten. Each file adds to the time of the import.
 *
 * The files that are loaded later still import the shared files. These now export what the start file contains, so every
 * module exists once.
 *
 * @param files the files of a bundle, by name.
 * @param outputs esbuild's description of these files.
 * @param options of the bundle, for a file that looks the same.
 */
export function mergeStart(files: Files, outputs: Outputs, options: BuildOptions): { files: Files; outputs: Outputs } {
  const pathOf = (name: string) => Object.keys(outputs).find((path) => basename(path) === name) ?? name;
  const merged = loadedAtStart(outputs, pathOf('index.mjs'));
  const later = Object.keys(outputs).filter((path) => path.endsWith('.mjs') && !merged.includes(path));
  // Two shared files can use the same name for different things.
  const exported = merged.map((path, n) =>
    (outputs[path]?.exports ?? []).map((name) => ({ name, as: `_${n}${name}` })),
  );
  const start = buildStart(files, merged, exported, later, options);

  const result = new Map([...files].filter(([name]) => !merged.some((path) => name.startsWith(basename(path)))));
  const described = Object.fromEntries(Object.entries(outputs).filter(([path]) => !merged.includes(path)));
  const importOfStart = {
    path: pathOf('index.mjs').replace('index.mjs', startFile),
    kind: 'import-statement' as const,
  };
  for (const { path, contents } of start) result.set(basename(path), contents);
  for (const [n, path] of merged.entries()) {
    const names = exported[n]?.map(({ name, as }) => `${as} as ${name}`) ?? [];
    const contents = Buffer.from(`export{${names.join()}}from"./${startFile}";\n`);
    result.set(basename(path), contents);
    const { exports = [], entryPoint } = outputs[path] ?? {};
    described[path] = {
      ...(entryPoint !== undefined && { entryPoint }),
      bytes: contents.length,
      inputs: {},
      imports: [importOfStart],
      exports,
    };
  }
  described[importOfStart.path] = {
    bytes: result.get(startFile)?.length ?? 0,
    inputs: Object.assign({}, ...merged.map((path) => outputs[path]?.inputs)),
    imports: merged.flatMap((path) => outputs[path]?.imports ?? []).filter(({ path }) => !merged.includes(path)),
    exports: exported.flat().map(({ as }) => as),
  };
  return { files: result, outputs: described };
}

/** The file and everything that it imports statically, directly or not. */
export function loadedAtStart(outputs: Outputs, entry: string): string[] {
  const files = new Set([entry]);
  for (const file of files) {
    for (const { kind, path, external } of outputs[file]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !external) files.add(path);
    }
  }
  return [...files];
}

/** @returns the start file and its source map. */
function buildStart(
  files: Files,
  merged: readonly string[],
  exported: readonly { name: string; as: string }[][],
  later: readonly string[],
  options: BuildOptions,
) {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-bundle-'));
  try {
    for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
    const lines = merged.map((path, n) => {
      const names = exported[n]?.map(({ name, as }) => `${name} as ${as}`) ?? [];
      return `export { ${names.join()} } from './${basename(path)}';`;
    });
    const { outputFiles = [] } = buildSync({
      ...options,
      absWorkingDir: folder,
      stdin: { contents: lines.join('\n'), resolveDir: folder, sourcefile: startFile },
      external: later.map((path) => `./${basename(path)}`),
      outfile: join(folder, startFile),
      write: false,
    });
    return outputFiles;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

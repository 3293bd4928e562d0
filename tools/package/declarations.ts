import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../../lib/bundle';
import type { Entry, Format } from './modules';
import { packageOf, peers } from './peers';

const extensions: Readonly<Record<Format, { readonly script: string; readonly types: string }>> = {
  esm: { script: '.mjs', types: '.d.mts' },
  cjs: { script: '.cjs', types: '.d.cts' },
};

/** The type of a value that no client sees: the context of the API's procedures, with all services behind it. */
const hidden = /import\("\.\/(?:context|trpc)"\)\.(?:RequestContext|ProcedureMeta)/g;

/** A module's specifiers in `from '…'`, `import('…')` and `import '…'`. */
const specifiers = /(\bfrom |\bimport\(|^import )(['"])([^'"]+)\2/gm;

/** The declaration file of an exported module, in the archive. */
export const declarationFile = ({ source }: Entry, format: Format): string =>
  join('types', format, source.replace(/\.ts$/, extensions[format].types));

/**
 * Writes the types of the exported modules, as ECMAScript and as CommonJS modules: only the files that they refer to.
 * @throws Error for a type of a package that an app need not have.
 */
export function writeDeclarations(entries: readonly Entry[], folder: string): void {
  const compiled = mkdtempSync(join(tmpdir(), 'satori-keys-types-'));
  try {
    compile(entries, compiled);
    const files = reachable(
      entries.map(({ source }) => source.replace(/\.ts$/, '')),
      compiled,
    );
    for (const format of ['esm', 'cjs'] as const) {
      const { script, types } = extensions[format];
      for (const [file, text] of files) {
        const target = join(folder, 'types', format, file + types);
        mkdirSync(dirname(target), { recursive: true });
        const complete = (path: string) => (isFolder(compiled, file, path) ? `${path}/index` : path);
        writeFileSync(
          target,
          text.replaceAll(specifiers, (all, before, quote, path) =>
            path.startsWith('.') ? `${before}${quote}${complete(path)}${script}${quote}` : all,
          ),
        );
      }
    }
  } finally {
    rmSync(compiled, { recursive: true });
  }
}

function compile(entries: readonly Entry[], outDir: string): void {
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: projectRoot,
    outDir,
    types: ['node'],
    typeRoots: [join(projectRoot, 'node_modules/@types')],
  };
  const configuration = join(outDir, 'tsconfig.json');
  const files = entries.map(({ source }) => join(projectRoot, source));
  const settings = { extends: join(projectRoot, 'tsconfig.json'), compilerOptions, include: [], files };
  writeFileSync(configuration, JSON.stringify(settings));
  execFileSync(join(projectRoot, 'node_modules/.bin/tsc'), ['-p', configuration], { stdio: 'inherit' });
}

/** The declaration files that these refer to, with their texts. */
function reachable(start: readonly string[], compiled: string): Map<string, string> {
  const found = new Map<string, string>();
  const open = [...start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    const text = readFileSync(join(compiled, `${file}.d.ts`), 'utf8').replaceAll(hidden, 'object');
    found.set(file, text);
    for (const [, , , path = ''] of text.matchAll(specifiers)) {
      if (path.startsWith('.')) {
        const target = join(dirname(file), path);
        open.push(isFolder(compiled, file, path) ? join(target, 'index') : target);
      } else if (!isBuiltin(path) && !(packageOf(path) in peers)) {
        throw new Error(`The types in ${relative(projectRoot, file)} refer to ${path}, which an app need not have.`);
      }
    }
  }
  return found;
}

const isFolder = (compiled: string, file: string, path: string) =>
  !existsSync(join(compiled, dirname(file), `${path}.d.ts`));

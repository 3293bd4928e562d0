import type { Metafile } from 'esbuild';
import { loadedAtStart } from '../../lib/start-file';

/** Code without source maps: its size in bytes and the names of its packages. */
export interface Part {
  readonly bytes: number;
  readonly packages: readonly string[];
}

export interface Contents {
  /** The code that is loaded before the first request. */
  readonly atImport: Part;
  readonly inAll: Part;
}

type Outputs = Metafile['outputs'];

/** The contents of a bundle, from esbuild's metafile. */
export function contentsOf({ outputs }: Metafile): Contents {
  const code = Object.keys(outputs).filter((file) => file.endsWith('.mjs'));
  const entry = code.find((file) => outputs[file]?.entryPoint && file.endsWith('/index.mjs'));
  if (!entry) throw new Error('The bundle has no index.mjs.');
  return { atImport: partOf(outputs, loadedAtStart(outputs, entry)), inAll: partOf(outputs, code) };
}

function partOf(outputs: Outputs, files: string[]): Part {
  const bytes = files.reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  const inputs = files.flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  const packages = inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? (packageOf(path) ?? []) : []));
  return { bytes, packages: [...new Set(packages)].sort() };
}

/** The package of a file; undefined for our own files. */
const packageOf = (path: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];

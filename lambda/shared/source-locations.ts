import { readFileSync } from 'node:fs';
import type { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

// Node's `--enable-source-maps` reads the map of every imported file, which takes a tenth of a cold start. This module
// reads a map when a stack that needs it is logged. `node:module` is loaded then too.

const maps = new Map<string, SourceMap | undefined>();

/** The source map beside a file of the bundle; undefined if there is none. */
function sourceMapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    try {
      const { SourceMap } = process.getBuiltinModule('node:module');
      maps.set(url, new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))));
    } catch {
      maps.set(url, undefined);
    }
  }
  return maps.get(url);
}

/**
 * Replaces a location in the bundle by the location in the sources. Any other line of a stack is returned unchanged.
 */
export function withSourceLocation(line: string): string {
  const at = line.indexOf('file:');
  const [location = '', url = '', row, column] = /^(file:[^\s:]+):(\d+):(\d+)/.exec(line.slice(at)) ?? [];
  const entry = sourceMapOf(url)?.findEntry(Number(row) - 1, Number(column) - 1);
  if (!entry || !('originalSource' in entry)) return line;
  const source = entry.originalSource.replace(/^(\.\.\/)+/, '');
  return line.replace(location, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

// Node's own `--enable-source-maps` reads the map of whatever it imports, a tenth of a start, for stacks that a healthy
// function never shows. Here a map is read with the first stack that needs it.

const maps = new Map<string, SourceMap | undefined>();

/** The map that lies beside a file of the bundle, if one does. */
function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    try {
      maps.set(url, new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))));
    } catch {
      maps.set(url, undefined);
    }
  }
  return maps.get(url);
}

/** A line of a stack, with the place in the sources where it names one in the bundle; any other line as it is. */
export function withSourcePlace(line: string): string {
  const [place = '', url = '', row, column] = /(file:\S+\.mjs):(\d+):(\d+)/.exec(line) ?? [];
  const entry = mapOf(url)?.findEntry(Number(row) - 1, Number(column) - 1);
  if (!entry || !('originalSource' in entry)) return line;
  const source = entry.originalSource.replace(/^(\.\.\/)+/, '');
  return line.replace(place, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

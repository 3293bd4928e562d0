/** A table in markdown: the first column is aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/**
 * A document with the part between a command's two markers replaced: `<!-- npm run x -->` and `<!-- /npm run x -->`.
 * @throws Error for a document without the markers.
 */
export function withGenerated(document: string, command: string, generated: string): string {
  const markers = [`<!-- ${command} -->`, `<!-- /${command} -->`];
  const [start = -1, end = -1] = markers.map((marker) => document.indexOf(marker));
  if (start < 0 || end < start) throw new Error(`The document lacks ${markers.join(' or ')}.`);
  return `${document.slice(0, start)}${markers[0]}\n\n${generated}\n\n${document.slice(end)}`;
}

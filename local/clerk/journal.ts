import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** A file with one change per line, as JSON. Without a path it stores nothing. */
export class Journal<Change> {
  constructor(private readonly path?: string) {}

  /** All changes, oldest first. An incomplete last line, left by a crash, is removed: its request was never answered. */
  read(): Change[] {
    if (this.path === undefined || !existsSync(this.path)) return [];
    const written = readFileSync(this.path, 'utf8');
    const whole = written.slice(0, written.lastIndexOf('\n') + 1);
    truncateSync(this.path, Buffer.byteLength(whole));
    const lines = whole.split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }

  append(change: Change): void {
    if (this.path !== undefined) appendFileSync(this.path, `${JSON.stringify(change)}\n`);
  }
}

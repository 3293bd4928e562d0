import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../deep/browser/support/chromium';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function addProgram(name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '', { mode: 0o755 });
  return path;
}

it('uses CHROMIUM, then Chromium on the PATH, then Chrome on the PATH', () => {
  const chrome = addProgram('b/google-chrome');
  const PATH = `${join(folder, 'a')}:${join(folder, 'b')}`;
  expect(findChromium({ PATH }, 'linux')).toBe(chrome);
  const chromium = addProgram('b/chromium');
  expect(findChromium({ PATH }, 'linux')).toBe(chromium);
  const custom = addProgram('custom');
  expect(findChromium({ CHROMIUM: custom, PATH }, 'linux')).toBe(custom);
});

it('explains how to install a browser if there is none', () => {
  writeFileSync(join(folder, 'chromium'), 'not executable');
  expect(() => findChromium({ PATH: folder }, 'linux')).toThrow(
    /sudo apt-get install --no-install-recommends chromium\n.*brew install --cask chromium\n.*CHROMIUM=/,
  );
  const missing = join(folder, 'missing');
  expect(() => findChromium({ CHROMIUM: missing, PATH: folder })).toThrow(
    `CHROMIUM is set to ${missing}, which is not an executable file.`,
  );
});

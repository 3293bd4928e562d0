import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../deep/browser/support/chromium';

const folder = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function addProgram(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '', { mode });
  return path;
}

it('uses CHROMIUM, then Chromium on the PATH, then Chrome on the PATH', () => {
  const chrome = addProgram('google-chrome');
  const PATH = `${join(folder, 'missing')}:${folder}`;
  expect(findChromium({ PATH }, 'linux')).toBe(chrome);
  const chromium = addProgram('chromium');
  expect(findChromium({ PATH }, 'linux')).toBe(chromium);
  const custom = addProgram('custom');
  expect(findChromium({ CHROMIUM: custom, PATH }, 'linux')).toBe(custom);
});

it('explains how to install a browser if there is none', () => {
  const PATH = join(folder, 'without');
  mkdirSync(PATH);
  addProgram('without/chromium', 0o644);
  expect(() => findChromium({ PATH }, 'linux')).toThrow(
    /sudo apt-get install --no-install-recommends chromium\n.*brew install --cask chromium\n.*CHROMIUM=/,
  );
  const missing = join(folder, 'missing');
  expect(() => findChromium({ CHROMIUM: missing, PATH })).toThrow(
    `CHROMIUM is set to ${missing}, which is not an executable file.`,
  );
});

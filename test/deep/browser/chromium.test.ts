import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './support/chromium';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

it('the browser is the one that CHROMIUM names', () => {
  const mine = program('mine');
  program('chromium');
  expect(findChromium({ CHROMIUM: mine, PATH: folder })).toBe(mine);
});

it('without that it is on the PATH, Chromium before Chrome', () => {
  const chrome = program('b/google-chrome');
  const PATH = `${join(folder, 'a')}:${join(folder, 'b')}`;
  expect(findChromium({ PATH }, 'linux')).toBe(chrome);
  const chromium = program('b/chromium');
  expect(findChromium({ PATH }, 'linux')).toBe(chromium);
});

it('where there is none, it says how to get one', () => {
  writeFileSync(join(folder, 'chromium'), 'no program');
  expect(() => findChromium({ PATH: folder }, 'linux')).toThrow(
    /sudo apt-get install --no-install-recommends chromium\n.*brew install --cask chromium\n.*CHROMIUM=/,
  );
  expect(() => findChromium({ CHROMIUM: join(folder, 'gone'), PATH: folder })).toThrow(
    `CHROMIUM is ${join(folder, 'gone')}, and there is no program.`,
  );
});

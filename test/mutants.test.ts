import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { withoutGuard } from './mutants/guard';
import { guards } from './mutants/guards';
import { complaintsOf } from './mutants/verdict';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const design = read('docs/design.md');
const named = guards.map((guard): [string, (typeof guards)[number]] => [
  `${guard.file}: ${guard.what}`,
  guard,
]);

describe('a guard of lambda/ that npm run mutants takes away', () => {
  it.each(named)('%s', (_what, guard) => {
    const mutant = withoutGuard(guard, read(guard.file));
    expect(() => transformSync(mutant, { loader: 'ts' })).not.toThrow();
    expect(guard.tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(guard.tests).not.toEqual([]);
    expect(guard.tests.filter((file) => !read(file).includes(guard.within ?? ''))).toEqual([]);
    const { promise } = guard;
    const known = /^I\d$/.test(promise)
      ? design.includes(`**${promise}**`)
      : /^contract [1-6]$/.test(promise) || design.includes(`\n## ${promise}\n`);
    expect([promise, known]).toEqual([promise, true]);
  });
});

it('is one of a kind, and each is in docs/mutants.md', () => {
  expect(new Set(named.map(([what]) => what)).size).toBe(guards.length);
  const rows = read('docs/mutants.md')
    .split('\n')
    .filter((line) => line.includes('.test.ts') || line.includes('| nobody, see above |'));
  expect(rows.map((row) => row.split(' | ')[0]).sort()).toEqual(guards.map(({ what }) => `| ${what}`).sort());
});

it('is there for every invariant', () => {
  const promises = new Set(guards.map(({ promise }) => promise));
  const invariants = [...design.matchAll(/\*\*(I\d)\*\*/g)].map((match) => match[1]);
  expect(invariants).toEqual(['I1', 'I2', 'I3', 'I4']);
  expect(invariants.filter((invariant) => !promises.has(invariant ?? ''))).toEqual([]);
});

it('whose text is gone, or there twice, is an error', () => {
  const guard = { file: 'lambda/x.ts', text: 'a', becomes: 'b', what: '', promise: '', tests: [] };
  expect(() => withoutGuard(guard, 'x')).toThrow('lambda/x.ts has not exactly once: a');
  expect(() => withoutGuard(guard, 'a a')).toThrow('lambda/x.ts has not exactly once: a');
  expect(withoutGuard(guard, 'x a y')).toBe('x b y');
});

it('survives with a reason or not at all, and proves something only where it loads', () => {
  const guard = { file: 'lambda/x.ts', text: 'a', becomes: 'b', what: 'w', promise: 'I1', tests: ['t'] };
  const explained = { ...guard, survives: 'nobody can tell' };
  const killed = { passed: false, failure: 'x.test.ts: fails' };
  expect(complaintsOf([{ guard, outcome: killed }])).toEqual([]);
  expect(complaintsOf([{ guard: explained, outcome: { passed: true } }])).toEqual([]);
  expect(complaintsOf([{ guard, outcome: { passed: true } }])).toEqual([
    'Survived without a reason, lambda/x.ts: w (t)',
  ]);
  expect(complaintsOf([{ guard: explained, outcome: killed }])).toEqual([
    'Said to survive, and killed by x.test.ts: fails, lambda/x.ts: w',
  ]);
  expect(complaintsOf([{ guard, outcome: { passed: false, trouble: 'no such name' } }])).toEqual([
    'No fair mutant, lambda/x.ts: w\nno such name',
  ]);
});

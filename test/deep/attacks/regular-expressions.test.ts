import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { problemOf } from '../../support/regular-expressions';

jest.setTimeout(60_000);

const root = join(__dirname, '..', '..', '..');

/** The folders whose code reads what callers send. */
const folders = ['lambda', 'local', 'examples', 'console/src'];

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);

interface Node {
  readonly type?: string;
  readonly pattern?: string;
  readonly flags?: string;
  /** Of a call, and of `new`. */
  readonly callee?: { readonly value?: string };
}

/** The regular expressions of a module: its literals, and how many it constructs. */
function expressionsIn(source: string, tsx = false): { literals: RegExp[]; constructed: number } {
  const literals: RegExp[] = [];
  let constructed = 0;
  const visit = (node: Node | null): void => {
    if (typeof node !== 'object' || node === null) return;
    if (node.type === 'RegExpLiteral') literals.push(new RegExp(node.pattern ?? '', node.flags));
    if (node.callee?.value === 'RegExp') constructed += 1;
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx }));
  return { literals, constructed };
}

/** The expressions that a module constructs when it is loaded, and when its schemas parse a text. */
function constructedBy(file: string): RegExp[] {
  const found: RegExp[] = [];
  const original = globalThis.RegExp;
  const note = (expression: RegExp) => {
    // The frames are: this function, the trap, and the code that constructs the expression.
    if (new Error().stack?.split('\n')[3]?.includes(file)) found.push(expression);
    return expression;
  };
  globalThis.RegExp = new Proxy(original, {
    construct: (target, [pattern, flags]) => note(new target(pattern, flags)),
    apply: (target, _this, [pattern, flags]) => note(target(pattern, flags)),
  });
  try {
    jest.isolateModules(() => {
      for (const exported of Object.values<{ safeParse?(value: unknown): unknown }>(require(join(root, file)))) {
        exported?.safeParse?.('a text');
      }
    });
  } finally {
    globalThis.RegExp = original;
  }
  return found;
}

const problemsOf = (expressions: readonly RegExp[]) => expressions.flatMap((expression) => problemOf(expression) ?? []);

it.each(files)('%s has only regular expressions of linear cost', (file) => {
  const { literals, constructed } = expressionsIn(readFileSync(join(root, file), 'utf8'), file.endsWith('x'));
  const others = constructed > 0 ? constructedBy(file) : [];
  // One that is constructed later depends on values that this test does not know.
  expect(others).toHaveLength(constructed);
  expect(problemsOf([...literals, ...others])).toEqual([]);
});

describe('the check', () => {
  it.each([
    ['exponential', 'text.match(/^(a+)+$/)'],
    ['a run that every place may begin', 'if (/\\s+$/.test(text)) throw text;'],
    ['an argument of a schema', 'z.string().check(z.regex(/^\\d+\\w*x$/))'],
  ])('refuses: %s', (_what, source) => {
    expect(problemsOf(expressionsIn(source).literals)).toHaveLength(1);
  });

  it('counts and finds the expressions that a module constructs', () => {
    expect(expressionsIn('new RegExp(pattern); RegExp("a+")')).toEqual({ literals: [], constructed: 2 });
    const found = constructedBy('test/support/constructs-an-expression.ts');
    expect(problemsOf(found)).toEqual(['/^(a+)+$/: exponential']);
  });
});

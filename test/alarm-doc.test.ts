import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorizerTemplate, propertiesIn, templateOf } from './support/stage-stacks';

// docs/security.md says for each attack which alarm starts, or why none does.

const [attacks = '', notStopped = '', alarmTables = ''] = readFileSync(join(__dirname, '../docs/security.md'), 'utf8')
  .split(/^## /m)
  .filter((section) => /^(Threats and what|What is not stopped|Which alarm starts)/.test(section));

/** The cells of the rows of all tables in a section, without heads and rules. */
const rowsOf = (section: string) =>
  section
    .split('\n')
    .filter((line, index, lines) => line.startsWith('| ') && !lines[index + 1]?.startsWith('| ---'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
    .filter(([first]) => first !== '---');

const explained = rowsOf(alarmTables);
// The stage local accepts reports of leaked keys, which has alarms of its own.
const alarmNames = [templateOf('prod'), templateOf('local'), authorizerTemplate()]
  .flatMap((template) => [
    ...propertiesIn(template, 'AWS::CloudWatch::Alarm'),
    ...propertiesIn(template, 'AWS::CloudWatch::CompositeAlarm'),
  ])
  .map(({ AlarmName }): string =>
    AlarmName.replace(/^(satori-keys-prod|satori-keys-local|authorizer-Keys-[0-9A-F]{8})-/, ''),
  );

it('has one row for each attack that is stopped, and for each that is not', () => {
  const expected = [...rowsOf(attacks).map(([, attempt]) => attempt), ...rowsOf(notStopped).map(([who]) => who)];
  expect(expected.length).toBeGreaterThan(40);
  expect(explained.map(([attempt]) => attempt).sort()).toEqual([...expected].sort());
});

it.each(explained)('“%s” names alarms that exist, or says why none starts', (_attempt, answer = '') => {
  const inCode = [...answer.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name = '']) => name);
  expect(inCode.filter((name) => !alarmNames.includes(name))).toEqual([]);
  if (inCode.length === 0) expect(answer).toMatch(/^none.{0,20}: .{20,}/);
});

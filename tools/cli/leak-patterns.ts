import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stageNamed, stageNames } from '../../lib/stages';
import { withGenerated } from '../markdown';
import { CommandError } from './command-error';
import { type Format, formats, patternFor, patternsDocument } from './leak-patterns/patterns';
import { runCommand } from './run-command';
import { deployedStage } from './stage-argument';

const usage = `Usage: npm run leak-patterns -- [--stage STAGE | --prefix PREFIX] [--name NAME]
                               [--format gitleaks|trufflehog|github]

Prints the patterns with which scanners find keys of a stage, or of all stages in stages.config.ts, with the prefixes
that are still accepted, or keys with the given prefix. --name is the name of the pattern, of lower-case letters, digits and _; satori_api_key unless
given. --format prints the configuration of one scanner alone, for a file. Nothing is called.`;

const document = join(__dirname, '..', '..', 'docs', 'security.md');
const isFormat = (text: string): text is Format => formats.some((format) => format === text);

function readArguments() {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      options: { stage: text, prefix: text, name: text, format: text, write: { type: 'boolean' } },
    });
    const { name = 'satori_api_key', format } = values;
    if (values.prefix !== undefined && !/^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$/.test(values.prefix)) throw new Error(usage);
    if (!/^[a-z][a-z0-9_]{0,99}$/.test(name) || (format !== undefined && !isFormat(format))) throw new Error(usage);
    return { ...values, name, format };
  } catch {
    throw new CommandError(usage);
  }
}

/** The prefixes of a stage, or of all, each once. */
function prefixesOf(stageName: string | undefined): string[] {
  const names = stageName === undefined ? stageNames : [deployedStage(stageName, usage).name];
  const stages = names.map((name) => stageNamed(name).stage);
  return [...new Set(stages.flatMap(({ keyPrefix, previousKeyPrefixes }) => [keyPrefix, ...previousKeyPrefixes]))];
}

async function main(): Promise<void> {
  const { stage, prefix, name, format, write } = readArguments();
  const options = { prefixes: prefix === undefined ? prefixesOf(stage) : [prefix], name };
  if (write) {
    const text = withGenerated(readFileSync(document, 'utf8'), 'npm run leak-patterns', patternsDocument(options));
    writeFileSync(document, text);
  } else {
    console.log(format === undefined ? patternsDocument(options) : patternFor(format, options));
  }
}

runCommand(main);

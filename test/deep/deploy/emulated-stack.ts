import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { KeysStack } from '../../../lib/keys-stack';
import { stageNamed } from '../../../lib/stages';
import type { StageValues } from '../../../lib/stages/schema';
import type { Resource, Template } from '../../../local/template';

/** Resource types that MiniStack does not know, and the dashboard, which refers to them. */
const unknownTypes = [
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Logs::QueryDefinition',
];

/** MiniStack has no alarms on an expression of several metrics. */
const isUnsupported = ({ Type, Properties }: Resource) =>
  unknownTypes.includes(Type) || (Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined);

/** A copy of a template without what MiniStack cannot do. */
function emulated(template: Template): Template {
  const resources = Object.entries(template.Resources).filter(([, resource]) => !isUnsupported(resource));
  // The reference to a secret is its name in MiniStack, and its ARN in AWS.
  const json = JSON.stringify({ ...template, Resources: Object.fromEntries(resources) });
  return JSON.parse(json.replaceAll('{"Ref":"ClerkSecret"}', '{"Fn::GetAtt":["ClerkSecret","Id"]}'));
}

/** Replaces each template in the output folder of a synthesis by a copy that MiniStack can deploy. */
function emulate(folder: string): void {
  const files = readdirSync(folder);
  for (const file of files.filter((name) => name.endsWith('.template.json'))) {
    const path = join(folder, file);
    const copy = JSON.stringify(emulated(JSON.parse(readFileSync(path, 'utf8'))));
    writeFileSync(path, copy);
    const { files: assets } = JSON.parse(readFileSync(path.replace('.template.', '.assets.'), 'utf8'));
    const hash = Object.keys(assets).find((key) => assets[key].source.path === file) ?? '';
    const newHash = createHash('sha256').update(copy).digest('hex');
    for (const manifest of files.filter((name) => name === 'manifest.json' || name.endsWith('.assets.json'))) {
      const text = readFileSync(join(folder, manifest), 'utf8');
      writeFileSync(join(folder, manifest), text.replaceAll(hash, newHash));
    }
  }
}

export interface Changes {
  /** The values of the stage. Default: those of the fixtures. */
  readonly stage?: StageValues;
  /** Changes the stack before it is synthesized, as an edit in `lib` would. */
  readonly customize?: (stack: KeysStack) => void;
}

/**
 * Synthesizes a stage for the emulator.
 * @returns the output folder, for `cdk deploy --app`.
 */
export function synthesizeForEmulator(name: string, { stage, customize }: Changes = {}): string {
  const app = new App({
    context: cdkJson.context,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    outdir: mkdtempSync(join(tmpdir(), 'satori-keys-')),
  });
  const stack = new KeysStack(app, `satori-keys-${name}`, {
    stageName: name,
    stage: stage ?? stageNamed(name).stage,
  });
  customize?.(stack);
  const { directory } = app.synth();
  emulate(directory);
  return directory;
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, type Stack } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { KeysStack } from '../lib/keys-stack';
import { stageNamed } from '../lib/stages';
import { localStage } from './local-stage';
import type { Template } from './template';

/** The result of a synthesis: what `cdk deploy` would upload. */
export interface Assembly {
  readonly template: Template;
  /** The folder of each file asset, by its hash. */
  readonly assets: ReadonlyMap<string, string>;
  /** Deletes the output folder. */
  remove(): void;
}

export interface SynthesisOptions {
  /** Changes the stack before it is synthesized, as an edit in `lib` would. */
  readonly customize?: (stack: KeysStack) => void;
  /** Whether to bundle the function's code. Set it to false if only the template is needed. Default: true. */
  readonly bundle?: boolean;
}

/** Creates the stack of a stage of stages.config.ts, or of `local`, in an app with the context of cdk.json. */
export function createStack(stageName: string, bundle: boolean, props: AppProps = {}): KeysStack {
  const app = new App({
    context: { ...cdkJson.context, ...(!bundle && { 'aws:cdk:bundling-stacks': [] }) },
    analyticsReporting: false,
    // `cdk synth` and `cdk deploy` validate the template. Here it would add 8 s to each start.
    builtinCloudFormationValidation: false,
    ...props,
  });
  const stage = stageName === 'local' ? localStage : stageNamed(stageName).stage;
  return new KeysStack(app, `satori-keys-${stageName}`, { stageName, stage });
}

/** Synthesizes a stage as `cdk synth` does, into a temporary folder. */
export function synthesize(stageName: string, { customize, bundle = true }: SynthesisOptions = {}): Assembly {
  const stack = createStack(stageName, bundle, { outdir: mkdtempSync(join(tmpdir(), 'satori-keys-')) });
  customize?.(stack);
  return assemblyOf(stack);
}

/** Synthesizes the app that the stack belongs to. */
export function assemblyOf(stack: Stack): Assembly {
  const { directory } = (stack.node.root as App).synth();
  const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const { files } = read(`${stack.artifactId}.assets.json`) as {
    files: Record<string, { source: { path: string } }>;
  };
  return {
    template: read(stack.templateFile),
    assets: new Map(Object.entries(files).map(([hash, { source }]) => [hash, join(directory, source.path)])),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { KeysStack } from '../../../lib/keys-stack';
import type { StageValues } from '../../../lib/stages/schema';

/** The context of an app whose functions are not bundled. */
export const offline = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };

/** The stack of a stage, without the code of its functions. */
export const offlineStack = (stageName: string, stage: StageValues) =>
  new KeysStack(new App({ context: offline }), `satori-keys-${stageName}`, { stageName, stage });

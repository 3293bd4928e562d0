import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { KeysStack } from '../../../lib/keys-stack';
import { stageNamed } from '../../../lib/stages';
import type { Stage } from '../../../lib/stages/schema';
import { localStage } from '../../../local/local-stage';
import { account, callAsRoot, region } from '../emulator/client';
import { deploy, type Outcome, succeeded } from './commands';
import { synthesizeForEmulator } from './emulated-stack';

// Deployments that must not get stuck, each next to the setting with which it does.

const { domain, ...withoutDomain } = stageNamed('prod').stage;
// Synthesis prints the warnings about samples.
jest.spyOn(console, 'error').mockImplementation(() => {});

const prod: Stage = { ...withoutDomain, gradualDeployment: false };

const deployProd = (stage: Stage): Promise<Outcome> => deploy(synthesizeForEmulator('prod', { stage }));

/** What a stack of this name has left: its existing resources, and those that it retained. */
async function resourcesLeft(): Promise<string[]> {
  const answer = await callAsRoot('cloudformation', { Action: 'DescribeStackEvents', StackName: 'satori-keys-prod' });
  const events = answer.split('<member>').slice(1);
  const field = (event: string, name: string) => new RegExp(`<${name}>([^<]*)<`).exec(event)?.[1] ?? '';
  const latest = new Map<string, string>();
  // The newest event comes first.
  for (const event of events.reverse()) latest.set(field(event, 'LogicalResourceId'), field(event, 'ResourceStatus'));
  return [...latest]
    .filter(([id, status]) => id !== 'satori-keys-prod' && status !== 'DELETE_COMPLETE' && status !== 'CREATE_FAILED')
    .map(([id]) => id);
}

describe('a first deployment that fails, here because the hosted zone does not exist', () => {
  const failing: Stage = { ...prod, ...(domain && { domain }) };

  it('leaves nothing behind and can be repeated', async () => {
    expect(await deployProd(failing)).toMatchObject({ status: 1 });
    expect(await resourcesLeft()).toEqual([]);
    expect(await deployProd(failing)).toMatchObject({ status: 1 });
    succeeded(await deployProd(prod));
    succeeded(await deployProd({ ...prod, deletionProtection: true }));
  });

  it('is stuck in a stack that is protected from the start', async () => {
    const folder = synthesizeForEmulator('staging', {
      stage: { ...stageNamed('staging').stage, deletionProtection: true },
    });
    expect(await deploy(folder)).toMatchObject({ status: 1 });
    const again = await deploy(folder);
    expect(again).toMatchObject({ status: 1, output: expect.stringContaining('cannot be deleted while') });
  });
});

describe('a stage whose account and Region are set after its first deployment', () => {
  const stage: Stage = { ...prod, deletionProtection: true, account, region };

  it('is deployed', async () => {
    succeeded(await deployProd(stage));
  });

  it('is stuck if the logical id of a version depends on how the bucket is named', async () => {
    const nameBucket = (stack: KeysStack) => {
      for (const construct of stack.node.findAll()) {
        if (!(construct instanceof CfnFunction)) continue;
        construct.addPropertyOverride('Code.S3Bucket', `cdk-hnb659fds-assets-${account}-${region}`);
      }
    };
    succeeded(await deploy(synthesizeForEmulator('local', { stage: localStage, customize: nameBucket })));
    const stuck = await deploy(synthesizeForEmulator('local', { stage: localStage }));
    expect(stuck.output).toContain('A version for this Lambda function exists');
  });
});

import { stageNamed } from '../../../lib/stages';
import type { Stage } from '../../../lib/stages/schema';
import { account, callAsRoot, region } from '../emulator/client';
import { deploy, type Outcome, succeeded } from './commands';
import { synthesizeForEmulator } from './emulated-stack';

// Deployments that must not get stuck.

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

it('a first deployment that fails, here because the hosted zone does not exist, can be repeated', async () => {
  const failing: Stage = { ...prod, ...(domain && { domain }) };
  expect(await deployProd(failing)).toMatchObject({ status: 1 });
  expect(await resourcesLeft()).toEqual([]);
  expect(await deployProd(failing)).toMatchObject({ status: 1 });
  succeeded(await deployProd(prod));
  succeeded(await deployProd({ ...prod, deletionProtection: true }));
});

it('a stage whose account and Region are set after its first deployment is deployed', async () => {
  succeeded(await deployProd({ ...prod, deletionProtection: true, account, region }));
});

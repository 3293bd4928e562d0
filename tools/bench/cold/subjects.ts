import { join } from 'node:path';
import { buildFunctions, type DeployedFunction } from '../deployed-function';
import { createEvent, verifyEvent } from '../events';
import { buildByDefault, buildFixture } from '../fixtures/build';
import { seededKey } from '../fixtures/seeded-key';
import { projectRoot } from '../runtime';
import type { StandIns } from '../stand-in/start';

export type Operation = 'create' | 'verify';

export interface Subject {
  readonly lambda: DeployedFunction;
  /** The event of each supported operation. */
  readonly events: Readonly<Partial<Record<Operation, unknown>>>;
}

/** Builds everything whose start is measured. */
export async function buildSubjects(directory: string, standIns: StandIns): Promise<Record<string, Subject>> {
  const { api, authorizer } = await buildFunctions(projectRoot, directory);
  const ours = { create: createEvent(standIns.token()), verify: verifyEvent(standIns.key) };
  const fixture = (name: string) => buildFixture(name, join(directory, name));
  return {
    api: { lambda: api, events: ours },
    authorizer: { lambda: authorizer, events: { verify: ours.verify } },
    'api, default build': {
      lambda: await buildByDefault(join(directory, 'default'), api.environment),
      events: ours,
    },
    'better-auth, DynamoDB': {
      lambda: await fixture('better-auth-dynamodb'),
      events: { create: ours.create },
    },
    'better-auth, in memory': {
      lambda: await fixture('better-auth-memory'),
      events: { create: ours.create, verify: verifyEvent(seededKey) },
    },
    'better-auth, whole': {
      lambda: await fixture('better-auth-full'),
      events: { create: ours.create, verify: verifyEvent(seededKey) },
    },
    'empty handler': { lambda: await fixture('empty'), events: { verify: ours.verify } },
  };
}

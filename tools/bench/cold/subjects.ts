import { join } from 'node:path';
import { buildFunctions, type DeployedFunction } from '../deployed-function';
import { createEvent, verifyEvent } from '../events';
import { buildByDefault, buildFixture } from '../fixtures/build';
import { seededKey } from '../fixtures/seeded-key';
import { projectRoot } from '../runtime';
import { goodKey } from '../stand-in/start';

export type Operation = 'create' | 'verify';

export interface Subject {
  readonly lambda: DeployedFunction;
  /** The event of each operation that it has. */
  readonly events: Readonly<Partial<Record<Operation, unknown>>>;
}

/**
 * Everything whose start is measured, built now.
 * @param token a session token that is good while it is measured.
 */
export async function buildSubjects(directory: string, token: string): Promise<Record<string, Subject>> {
  const { api, authorizer } = await buildFunctions(projectRoot, directory);
  const ours = { create: createEvent(token), verify: verifyEvent(goodKey()) };
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

import type { Place } from './place';
import type { Stage } from './schema';

// Rules about several values of a stage, or about several stages.

/**
 * Region sets in which DynamoDB supports multi-Region strong consistency:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html
 */
const regionSets = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/** @returns what is wrong with values of a stage that are valid one by one. */
export function relationProblem(stage: Stage, place: Place): string[] {
  return [domainProblem, replicaProblem, concurrencyProblem, scopeProblem, retentionProblem]
    .map((problemOf) => problemOf(stage, place))
    .filter((problem) => problem !== undefined);
}

/** Otherwise a restore could not distinguish a key that was revoked and then removed from a key that was lost. */
function retentionProblem(
  { revokedKeyRetentionDays: kept, recoveryDays }: Stage,
  { source }: Place,
): string | undefined {
  if (kept > recoveryDays) return undefined;
  return `revokedKeyRetentionDays is ${kept}, and recoveryDays is ${recoveryDays}. Keep revoked keys for at least ${recoveryDays + 1} days, or set a lower recoveryDays, in ${source}.`;
}

function domainProblem({ domain, account, region }: Stage, { source }: Place): string | undefined {
  if (!domain) return undefined;
  const { name, hostedZone, certificateArn } = domain;
  if (!hostedZone === !certificateArn) {
    return `domain is ${name} ${hostedZone ? 'with both' : 'with neither'} a hostedZone and a certificateArn. Set one of them in ${source}, such as hostedZone: { id: "Z0123456789ABCDEFGHIJ", name: "acme.com" }.`;
  }
  if (hostedZone && !`.${name}`.endsWith(`.${hostedZone.name}`)) {
    return `domain.name is ${name}, which is not in its hosted zone ${hostedZone.name}. Use a name that ends in ${hostedZone.name}, such as keys.${hostedZone.name}, in ${source}.`;
  }
  const [, , , certificateRegion, certificateAccount] = certificateArn?.split(':') ?? [];
  const elsewhere =
    (region && certificateRegion && region !== certificateRegion) ||
    (account && certificateAccount && account !== certificateAccount);
  if (!elsewhere) return undefined;
  return `domain.certificateArn is ${certificateArn}, a certificate of another account or Region than the stage's. Use one in ${account ?? 'the account'} and ${region ?? 'the Region'} of the stage, in ${source}.`;
}

function replicaProblem({ region, replicaRegions }: Stage, { source, regionField }: Place): string | undefined {
  if (replicaRegions.length === 0) return undefined;
  const all = [...new Set([region, ...replicaRegions])];
  const inOneSet = regionSets.some((set) => all.every((each) => each !== undefined && set.includes(each)));
  if (all.length === 3 && replicaRegions.length === 2 && inOneSet) return undefined;
  const sets = regionSets.map((set) => set.join(' ')).join('; ');
  return `replicaRegions is ${replicaRegions.join(', ')}, and region is ${region ?? 'missing'}. Use two Regions other than the stage's region, all three in one of these sets: ${sets}. Set ${regionField} and replicaRegions in ${source}, such as region: "eu-central-1" and replicaRegions: ["eu-west-1", "eu-west-2"].`;
}

function concurrencyProblem(
  { reservedConcurrency: reserved, provisionedConcurrency: provisioned }: Stage,
  { source }: Place,
) {
  if (reserved === undefined || provisioned === undefined || provisioned <= reserved) return undefined;
  return `provisionedConcurrency is ${provisioned}, more than the reservedConcurrency of ${reserved}. Use at most ${reserved}, or reserve more, in ${source}.`;
}

function scopeProblem({ scopes, defaultScopes }: Stage, { source }: Place): string | undefined {
  const unknown = defaultScopes.find((scope) => !Object.hasOwn(scopes, scope));
  if (unknown === undefined) return undefined;
  return `defaultScopes has ${unknown}, which is not in scopes. Add it to scopes with a description, or remove it, in ${source}.`;
}

type Compared = (stage: Stage) => readonly (string | undefined)[];

const place = ({ account, region }: Stage) => `${account ?? 'default'}/${region ?? 'default'}`;

/** What two stages cannot have in common: the values that have to be equal for it, and the reason. */
const unshared: readonly { of: Compared; field: string; problem: string; unless?: Compared }[] = [
  {
    field: 'domain.name',
    of: ({ domain }) => [domain?.name],
    problem: 'A DNS name leads to one API. Use another name, such as keys.dev.acme.com',
  },
  {
    field: 'clerkSecretName',
    of: (stage) => [stage.clerkSecretName, place(stage)],
    unless: ({ clerkIssuer }) => [clerkIssuer],
    problem:
      'A secret has the keys of one Clerk instance, and these stages have different values of clerkIssuer. Use another secret, such as acme/clerk-dev',
  },
];

/** @returns what two stages have in common by mistake. */
export function sharedProblem(stages: ReadonlyMap<string, Stage>): string[] {
  const all = [...stages];
  return unshared.flatMap(({ of, field, problem, unless }) =>
    all.flatMap(([name, stage], at) => {
      const values = of(stage);
      if (values.includes(undefined)) return [];
      const same = (compared: Compared, other: Stage) => compared(stage).join() === compared(other).join();
      const [first] = all.slice(0, at).find(([, other]) => same(of, other) && !(unless && same(unless, other))) ?? [];
      return first === undefined
        ? []
        : [`Stage ${name}: ${field} is ${values[0]}, as in the stage ${first}. ${problem}, in stages.config.ts.`];
    }),
  );
}

import { type Stage, StageError } from './stages';

const sampleDomain = 'example.com';

/**
 * The Regions among which DynamoDB keeps a table strongly consistent:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html
 */
const regionSets = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/**
 * Checks what only the owner of an account can know.
 * @returns a line for each value that still is a sample, naming what to set.
 * @throws StageError for a value that is missing or cannot be: without an issuer or a party, any app's tokens would do.
 */
export function samplesIn(name: string, stage: Stage): string[] {
  checkUrls(name, stage);
  checkDomain(name, stage);
  checkReplicas(name, stage);
  checkRecipients(name, stage);
  const values: Record<string, readonly string[]> = {
    clerkIssuer: [stage.clerkIssuer],
    authorizedParties: stage.authorizedParties,
    corsOrigins: stage.corsOrigins,
    domain: stage.domain ? [stage.domain.name] : [],
    alarmRecipients: stage.alarmRecipients,
    runbookUrl: [stage.runbookUrl],
  };
  return Object.entries(values).flatMap(([field, given]) =>
    given
      .filter(isSample)
      .map((value) => `${field} of the stage ${name} is a sample (${value}): set yours in lib/stages.ts.`),
  );
}

/** Of a URL, a domain name or an e-mail address: whether it is under the domain that nobody owns. */
function isSample(value: string): boolean {
  const host = URL.canParse(value) ? new URL(value).hostname : value.replace(/^.*@/, '');
  return `.${host}`.endsWith(`.${sampleDomain}`);
}

function checkUrls(name: string, { clerkIssuer, authorizedParties, corsOrigins, runbookUrl }: Stage): void {
  const urls = { clerkIssuer: [clerkIssuer].filter(Boolean), authorizedParties, corsOrigins };
  for (const [field, given] of Object.entries({ ...urls, runbookUrl: [runbookUrl].filter(Boolean) })) {
    if (given.length === 0) throw new StageError(`Set ${field} of the stage ${name} in lib/stages.ts.`);
    const odd = given.find((value) => !URL.canParse(value));
    if (odd !== undefined) {
      throw new StageError(
        `${field} of the stage ${name} has "${odd}", which is no URL: mend it in lib/stages.ts.`,
      );
    }
  }
}

function checkDomain(name: string, { domain }: Stage): void {
  if (!domain) return;
  if (!domain.hostedZone === !domain.certificateArn) {
    throw new StageError(
      `domain of the stage ${name} needs a hostedZone or a certificateArn, one of the two: set it in lib/stages.ts.`,
    );
  }
  if (domain.hostedZone && !`.${domain.name}`.endsWith(`.${domain.hostedZone.name}`)) {
    throw new StageError(
      `domain of the stage ${name} is not in its hosted zone (${domain.hostedZone.name}): mend it in lib/stages.ts.`,
    );
  }
}

function checkReplicas(name: string, { region, replicaRegions }: Stage): void {
  if (replicaRegions.length === 0) return;
  const all = [...new Set([region, ...replicaRegions])];
  const together = regionSets.some((set) => all.every((one) => one !== undefined && set.includes(one)));
  if (all.length !== 3 || replicaRegions.length !== 2 || !together) {
    const sets = regionSets.map((set) => set.join(' ')).join('; ');
    throw new StageError(
      `replicaRegions of the stage ${name} are two Regions beside its region, all of one set (${sets}): set them, and region, in lib/stages.ts.`,
    );
  }
}

function checkRecipients(name: string, { alarmRecipients }: Stage): void {
  const odd = alarmRecipients.find((address) => !/^[^\s@]+@[^\s@]+$/.test(address));
  if (odd !== undefined) {
    throw new StageError(
      `alarmRecipients of the stage ${name} has "${odd}", which is no e-mail address: mend it in lib/stages.ts.`,
    );
  }
}

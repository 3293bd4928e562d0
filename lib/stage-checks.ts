import { maxScopes } from '../lambda/keys/input';
import { type Stage, StageError } from './stages';

const sampleDomain = 'example.com';

/**
 * Region sets in which DynamoDB supports multi-Region strong consistency:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html
 */
const regionSets = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/**
 * Checks the values of a stage that depend on your accounts and domains.
 * @returns a warning for each value that is still a sample.
 * @throws StageError for a missing or invalid value. Without an issuer and an authorized party, session tokens of any
 * app would be accepted.
 */
export function samplesIn(name: string, stage: Stage): string[] {
  checkUrls(name, stage);
  checkNumbers(name, stage);
  checkPrefixes(name, stage);
  checkScopes(name, stage);
  checkRoles(name, stage);
  checkDomain(name, stage);
  checkReplicas(name, stage);
  checkRecipients(name, stage);
  checkWriteUnits(name, stage);
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
      .map((value) => `Stage ${name}: ${field} is a sample value (${value}). Set your own in lib/stages.ts.`),
  );
}

const samplePrefixes = ['sk_satori', 'sk_satori_test'];

/** @returns what to know about values of a stage that are valid, and whose effect depends on what is deployed. */
export function noticesIn(name: string, stage: Stage): string[] {
  const { keyPrefix, previousKeyPrefixes, retainData, deletionProtection } = stage;
  const notices: string[] = [];
  if (previousKeyPrefixes.length === 0 && !samplePrefixes.includes(keyPrefix)) {
    notices.push(
      `Stage ${name}: only keys with the prefix ${keyPrefix} are accepted. If the stage is deployed with another keyPrefix, add that one to previousKeyPrefixes: all its keys are refused otherwise.`,
    );
  }
  if (retainData && !deletionProtection) {
    notices.push(
      `Stage ${name}: the stack and its keys table are not protected from deletion. After the first deployment has succeeded, set deletionProtection in lib/stages.ts to true.`,
    );
  }
  return notices;
}

/** Whether a URL, a domain name or an e-mail address is under example.com. */
function isSample(value: string): boolean {
  const host = URL.canParse(value) ? new URL(value).hostname : value.replace(/^.*@/, '');
  return `.${host}`.endsWith(`.${sampleDomain}`);
}

function checkUrls(name: string, { clerkIssuer, authorizedParties, corsOrigins, runbookUrl }: Stage): void {
  const urls = { clerkIssuer: [clerkIssuer].filter(Boolean), authorizedParties, corsOrigins };
  for (const [field, given] of Object.entries({ ...urls, runbookUrl: [runbookUrl].filter(Boolean) })) {
    if (given.length === 0) throw new StageError(`Stage ${name}: ${field} is missing. Set it in lib/stages.ts.`);
    const invalid = given.find((value) => !URL.canParse(value));
    if (invalid !== undefined) {
      throw new StageError(`Stage ${name}: "${invalid}" in ${field} is not a URL. Fix it in lib/stages.ts.`);
    }
  }
}

/** The whole numbers of a stage with their smallest and largest values. */
const wholeNumbers: { readonly [Field in keyof Stage]?: readonly [min: number, max?: number] } = {
  maxKeysPerOwner: [1],
  keysPerOwnerPerHour: [1],
  requestsPerMinute: [1],
  maxKeyLifetimeDays: [1, 36_500],
  // 0 stops the function.
  reservedConcurrency: [0],
  provisionedConcurrency: [1],
  recoveryDays: [1, 35],
};

function checkNumbers(name: string, stage: Stage): void {
  for (const [field, [min, max = Number.MAX_SAFE_INTEGER]] of Object.entries(wholeNumbers)) {
    const value = stage[field as keyof Stage];
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max)) continue;
    const range = max === Number.MAX_SAFE_INTEGER ? `${min}` : `${min} to ${max}`;
    throw new StageError(
      `Stage ${name}: ${field} is ${value}. Set a whole number from ${range} in lib/stages.ts, or leave it out if it is optional.`,
    );
  }
  for (const [field, value] of Object.entries(stage.throttle)) {
    if (!Number.isFinite(value) || value < 0) {
      throw new StageError(
        `Stage ${name}: throttle.${field} is ${value}. Set a number of at least 0 in lib/stages.ts.`,
      );
    }
  }
}

/** Prefixes that secret scanners report as Stripe keys: https://docs.stripe.com/keys */
const stripePrefixes = /^(sk|rk|pk)_(live|test|prod)(_|$)/i;

function checkPrefixes(name: string, { keyPrefix, previousKeyPrefixes }: Stage): void {
  for (const prefix of [keyPrefix, ...previousKeyPrefixes]) {
    if (!/^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/.test(prefix) || prefix.length > 32) {
      throw new StageError(
        `Stage ${name}: the key prefix "${prefix}" is invalid. Use words of letters and digits joined by single underscores, 32 characters at most, such as sk_satori. Set it in lib/stages.ts.`,
      );
    }
    if (stripePrefixes.test(prefix)) {
      throw new StageError(
        `Stage ${name}: secret scanners report keys with the prefix "${prefix}" as Stripe keys. Set another prefix, such as sk_satori, in lib/stages.ts.`,
      );
    }
  }
}

/** The maximum size of all scope names of a stage, each with one byte more, so that a key is below 4 KB, one read unit. */
export const maxScopesBytes = 1_500;

function checkScopes(name: string, { scopes = {}, defaultScopes = [] }: Stage): void {
  const invalid = Object.keys(scopes).find((scope) => !/^[\w.:-]{1,100}$/.test(scope));
  if (invalid !== undefined) {
    throw new StageError(
      `Stage ${name}: the scope "${invalid}" is invalid. Use letters, digits, "_", "-", "." and ":", 100 characters at most, such as docs:read. Fix scopes in lib/stages.ts.`,
    );
  }
  const bytes = Object.keys(scopes).reduce((sum, scope) => sum + scope.length + 1, 0);
  if (Object.keys(scopes).length > maxScopes || bytes > maxScopesBytes) {
    throw new StageError(
      `Stage ${name}: there are more than ${maxScopes} scopes, or their names have more than ${maxScopesBytes} bytes with one more for each. Remove or shorten some in lib/stages.ts.`,
    );
  }
  const unknown = defaultScopes.find((scope) => !Object.hasOwn(scopes, scope));
  if (unknown !== undefined) {
    throw new StageError(
      `Stage ${name}: "${unknown}" in defaultScopes is not one of scopes. Add it to scopes in lib/stages.ts, or remove it.`,
    );
  }
}

function checkRoles(name: string, { organizationRoles }: Stage): void {
  const roles = [...(organizationRoles?.view ?? []), ...(organizationRoles?.manage ?? [])];
  const invalid = roles.find((role) => !/^[a-z][a-z0-9_]*$/.test(role));
  if (invalid !== undefined) {
    throw new StageError(
      `Stage ${name}: "${invalid}" in organizationRoles is not a role. Use the role's key in Clerk without "org:", such as admin. Fix it in lib/stages.ts.`,
    );
  }
}

function checkDomain(name: string, { domain }: Stage): void {
  if (!domain) return;
  if (!domain.hostedZone === !domain.certificateArn) {
    throw new StageError(
      `Stage ${name}: domain needs either hostedZone or certificateArn. Set one of them in lib/stages.ts.`,
    );
  }
  if (domain.hostedZone && !`.${domain.name}`.endsWith(`.${domain.hostedZone.name}`)) {
    throw new StageError(
      `Stage ${name}: ${domain.name} is not in its hosted zone (${domain.hostedZone.name}). Fix domain in lib/stages.ts.`,
    );
  }
}

function checkReplicas(name: string, { region, replicaRegions }: Stage): void {
  if (replicaRegions.length === 0) return;
  const all = [...new Set([region, ...replicaRegions])];
  const inOneSet = regionSets.some((set) => all.every((each) => each !== undefined && set.includes(each)));
  if (all.length !== 3 || replicaRegions.length !== 2 || !inOneSet) {
    const sets = regionSets.map((set) => set.join(' ')).join('; ');
    throw new StageError(
      `Stage ${name}: replicaRegions needs two Regions other than the stage's region, and all three must be in one of these sets: ${sets}. Set region and replicaRegions in lib/stages.ts.`,
    );
  }
}

function checkWriteUnits(name: string, { maxWriteUnits = {} }: Stage): void {
  for (const [table, units] of Object.entries(maxWriteUnits)) {
    if (!Number.isInteger(units) || units < 1) {
      throw new StageError(
        `Stage ${name}: maxWriteUnits.${table} (${units}) is not a whole number of at least 1. Fix it in lib/stages.ts, or leave it out for no maximum.`,
      );
    }
  }
}

function checkRecipients(name: string, { alarmRecipients }: Stage): void {
  const invalid = alarmRecipients.find((address) => !/^[^\s@]+@[^\s@]+$/.test(address));
  if (invalid !== undefined) {
    throw new StageError(
      `Stage ${name}: "${invalid}" in alarmRecipients is not an e-mail address. Fix it in lib/stages.ts.`,
    );
  }
}

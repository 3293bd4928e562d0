import type { Place } from './place';
import type { Stage } from './schema';

const sampleDomain = 'example.com';

/** @returns a warning for each value of a stage that is still a sample. */
export function samplesIn({ subject, source }: Place, stage: Stage): string[] {
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
      .map((value) => `${subject}: ${field} is a sample value (${value}). Set your own in ${source}.`),
  );
}

/** Whether a URL, a domain name or an e-mail address is under example.com. */
function isSample(value: string): boolean {
  const host = URL.canParse(value) ? new URL(value).hostname : value.replace(/^.*@/, '');
  return `.${host}`.endsWith(`.${sampleDomain}`);
}

const samplePrefixes = ['sk_satori', 'sk_satori_test'];

/** @returns what to know about values of a stage that are valid, and whose effect depends on what is deployed. */
export function noticesIn({ subject, source }: Place, stage: Stage): string[] {
  const { keyPrefix, previousKeyPrefixes, retainData, deletionProtection } = stage;
  const notices: string[] = [];
  if (previousKeyPrefixes.length === 0 && !samplePrefixes.includes(keyPrefix)) {
    notices.push(
      `${subject}: only keys with the prefix ${keyPrefix} are accepted. If the stage is deployed with another keyPrefix, add that one to previousKeyPrefixes: all its keys are refused otherwise.`,
    );
  }
  if (retainData && !deletionProtection) {
    notices.push(
      `${subject}: the stack and its keys table are not protected from deletion. After the first deployment has succeeded, set deletionProtection in ${source} to true.`,
    );
  }
  return notices;
}

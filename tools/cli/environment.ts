import { clerkApiUrl } from '../../lambda/clerk/api-url';
import { isServiceUrl } from '../../lambda/shared/service-url';
import { tlsProblem } from '../../local/tls-problem';
import { CommandError } from './command-error';

export { tlsProblem } from '../../local/tls-problem';

/** Variables that other tools use for another address of a service, and the flag to use instead. */
const flagInstead: Readonly<Record<string, string>> = {
  CLERK_API_URL: '--clerk-api-url',
  AWS_ENDPOINT_URL: '--dynamodb-url or --secrets-manager-url',
  AWS_ENDPOINT_URL_DYNAMODB: '--dynamodb-url',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: '--secrets-manager-url',
};

/**
 * @returns why a command must not run in this environment, in one line without values; undefined if it may. A
 * variable from another terminal or tool must not change, without notice, where keys are sent.
 */
export function environmentProblem(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const problem = tlsProblem(environment);
  if (problem) return problem;
  const name = Object.keys(flagInstead).find((variable) => environment[variable]);
  if (name === undefined) return undefined;
  return `${name} is set, and commands do not use it. Unset it, or use the flag ${flagInstead[name]} if the command has it.`;
}

/**
 * The address in a flag.
 * @returns undefined if the flag is not given.
 * @throws CommandError unless it is https, or http on this machine.
 */
export function addressIn(flag: string, value: string | undefined): string | undefined {
  if (value === undefined || isServiceUrl(value)) return value;
  throw new CommandError(
    `${flag} must be an https:// URL without credentials or query, since keys are sent there. http:// is accepted for localhost only.`,
  );
}

/** Prints where Clerk's secret key is sent. */
export function showClerk(apiUrl: string | undefined, print: Pick<Console, 'log'>): void {
  print.log(`Clerk  ${apiUrl ?? clerkApiUrl}`);
}

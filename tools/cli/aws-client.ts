import { CommandError } from './command-error';
import type { DeployedStage } from './stage-argument';

/**
 * The options of the commands' AWS clients: the caller's own credentials, and attempts of 5 s at most. Endpoints from
 * environment variables and configuration files are not used; a flag sets another one.
 */
export const awsClient = (region: DeployedStage['region'], endpoint: string | undefined) => ({
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
  ignoreConfiguredEndpointUrls: true,
  ...region,
  ...(endpoint !== undefined && { endpoint }),
});

/** What is known of where a service is. */
interface Place {
  readonly name: string;
  readonly stage: Pick<DeployedStage['stage'], 'account'>;
}

/**
 * Prints the account and the Region of a resource that a command is about to use, from its ARN.
 * @throws CommandError if it is not in the account that the stage's configuration names.
 */
export function showAccount({ name, stage }: Place, arn: string, print: Pick<Console, 'log'>): void {
  const [, , , region, account] = arn.split(':');
  if (stage.account !== undefined && stage.account !== account) {
    throw new CommandError(
      `The stage ${name} is in the account ${stage.account}, and these AWS credentials are of the account ${account}. Sign in to the other account.`,
    );
  }
  print.log(`AWS    account ${account}, Region ${region}: ${arn}`);
}

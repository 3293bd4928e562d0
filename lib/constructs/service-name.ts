import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageError } from '../stages/check';
import type { Place } from '../stages/place';

/** The ids of a construct and of those around it, below their stack. */
export function pathInStack(construct: Construct): string[] {
  const { scopes } = construct.node;
  return scopes.slice(scopes.indexOf(Stack.of(construct)) + 1).map(({ node }) => node.id);
}

/**
 * The name of a key service in logs, metrics and the names of its alarms.
 * @param given the name in the props. Default: the names of the stack and of the construct.
 * @throws StageError for a name that cannot be part of an alarm's or a dashboard's name.
 */
export function serviceNameOf(service: Construct, place: Place, given: string | undefined): string {
  const { stackName, node } = Stack.of(service);
  // A nested stack gets its name when it is deployed.
  const stack = Token.isUnresolved(stackName) ? node.path : stackName;
  const name =
    given ??
    [stack, ...pathInStack(service)]
      .join('-')
      .replaceAll(/[^\w-]+/g, '-')
      .slice(-80);
  if (/^[\w-]{1,80}$/.test(name)) return name;
  throw new StageError(
    `${place.subject}: stageName is ${JSON.stringify(name).slice(0, 100)}. Use 1 to 80 letters, digits, hyphens and underscores, such as "prod". Set it in ${place.source}.`,
  );
}

/** The account and the Region of a construct's stack, as far as they are known at synthesis. */
export function environmentOfStack(construct: Construct): { account?: string; region?: string } {
  const { account, region } = Stack.of(construct);
  return {
    ...(!Token.isUnresolved(account) && { account }),
    ...(!Token.isUnresolved(region) && { region }),
  };
}

import { CfnParameter, CfnRule, Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FixedIds } from './fixed-ids';

export interface KeyPrefixRuleProps {
  /** The prefix of new keys. */
  readonly keyPrefix: string;
  /** Earlier prefixes whose keys are still accepted. */
  readonly previousKeyPrefixes: readonly string[];
  readonly ids: FixedIds;
}

/**
 * Stops a deployment that would refuse keys with the stack's first prefix, before it changes anything. Only
 * CloudFormation knows what is deployed: a parameter keeps the prefix of the first deployment, because later deployments
 * leave a parameter's value as it is.
 */
export class KeyPrefixRule extends Construct {
  constructor(scope: Construct, id: string, { keyPrefix, previousKeyPrefixes, ids }: KeyPrefixRuleProps) {
    super(scope, id);
    const first = new CfnParameter(this, 'First', {
      type: 'String',
      default: keyPrefix,
      description: 'The key prefix of the first deployment. Leave it as it is.',
    });
    ids.give(first, 'FirstKeyPrefix');
    const rule = new CfnRule(this, 'Rule', {
      assertions: [
        {
          assert: Fn.conditionContains([keyPrefix, ...previousKeyPrefixes], first.valueAsString),
          assertDescription: `Existing keys would be refused: the stack was first deployed with another keyPrefix than ${keyPrefix}. Add that one to previousKeyPrefixes, or, if nobody needs those keys, deploy with --parameters ${ids.of('FirstKeyPrefix')}=${keyPrefix}`,
        },
      ],
    });
    ids.give(rule, 'AcceptsFirstKeyPrefix');
  }
}

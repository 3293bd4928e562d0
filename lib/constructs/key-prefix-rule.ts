import { CfnParameter, CfnRule, Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface KeyPrefixRuleProps {
  /** The prefix of new keys. */
  readonly keyPrefix: string;
  /** Earlier prefixes whose keys are still accepted. */
  readonly previousKeyPrefixes: readonly string[];
}

/**
 * Stops a deployment, before it changes anything, with which keys of the stack's first prefix would be refused. Only
 * CloudFormation knows what is deployed: a parameter keeps the prefix of the first deployment, because later deployments
 * leave a parameter's value as it is.
 */
export class KeyPrefixRule extends Construct {
  constructor(scope: Construct, id: string, { keyPrefix, previousKeyPrefixes }: KeyPrefixRuleProps) {
    super(scope, id);
    const first = new CfnParameter(this, 'First', {
      type: 'String',
      default: keyPrefix,
      description: 'The key prefix of the first deployment. Leave it as it is.',
    });
    first.overrideLogicalId('FirstKeyPrefix');
    const rule = new CfnRule(this, 'Rule', {
      assertions: [
        {
          assert: Fn.conditionContains([keyPrefix, ...previousKeyPrefixes], first.valueAsString),
          assertDescription: `Existing keys would be refused: the stack was first deployed with another keyPrefix than ${keyPrefix}. Add that one to previousKeyPrefixes, or, if nobody needs those keys, deploy with --parameters FirstKeyPrefix=${keyPrefix}`,
        },
      ],
    });
    rule.overrideLogicalId('AcceptsFirstKeyPrefix');
  }
}

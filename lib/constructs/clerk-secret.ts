import { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { FixedIds } from './fixed-ids';

export interface ClerkSecretProps {
  /** The name of an existing secret. Default: an empty secret is created. */
  readonly existingName?: string | undefined;
  /** Keep the secret when the stack is deleted. */
  readonly retainData: boolean;
  readonly ids: FixedIds;
}

/** The secret with Clerk's secret key, the public key of session tokens, and the webhook signing secret. */
export class ClerkSecret extends Construct {
  readonly secret: ISecret;
  /**
   * Names the secret in a call to Secrets Manager: the ARN of the stack's own secret, the name of an existing one, whose
   * ARN is known only in part. Partial ARNs are ambiguous:
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
   */
  readonly id: string;

  constructor(scope: Construct, id: string, props: ClerkSecretProps) {
    super(scope, id);
    this.secret = props.existingName
      ? Secret.fromSecretNameV2(this, 'Secret', props.existingName)
      : this.createEmpty(props);
    this.id = props.existingName ?? this.secret.secretArn;
  }

  /** Lets the grantee read the secret's value, and nothing else. */
  grantRead(grantee: IGrantable): Grant {
    // The ARN of a secret ends with six random characters that are not in its name:
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    const arn = this.secret.secretFullArn ?? `${this.secret.secretArn}-??????`;
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [arn],
    });
  }

  private createEmpty({ retainData, ids }: ClerkSecretProps): Secret {
    const secret = new Secret(this, 'Secret', {
      description: 'Clerk: {"secretKey":"sk_...","jwtKey":"-----BEGIN PUBLIC KEY-----...","webhookSecret":"whsec_..."}',
      removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const resource = secret.node.defaultChild as CfnSecret;
    ids.give(resource, 'ClerkSecret');
    // By default, the construct generates a password. The secret must stay empty until the real values are stored.
    resource.addPropertyDeletionOverride('GenerateSecretString');
    acknowledge(secret, {
      id: 'AwsSolutions-SMG4',
      reason: 'Clerk secret keys can only be rotated in the Clerk dashboard.',
    });
    return secret;
  }
}

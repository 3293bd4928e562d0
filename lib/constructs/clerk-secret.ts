import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface ClerkSecretProps {
  /** A secret that is there already, by name; without it an empty one is created. */
  readonly existingName?: string;
  /** Keep the secret when the stack goes. */
  readonly retainData: boolean;
}

/** Where the service finds Clerk's secret key and the public key of its session tokens. */
export class ClerkSecret extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: ClerkSecretProps) {
    super(scope, id);
    this.secret = props.existingName
      ? Secret.fromSecretNameV2(this, 'Secret', props.existingName)
      : this.createEmpty(props.retainData);
  }

  /** Lets the grantee read the secret's value, and nothing about other secrets. */
  grantRead(grantee: IGrantable): Grant {
    // A secret known by its name alone has six characters at the end of its ARN that nobody can know:
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    const arn = this.secret.secretFullArn ?? `${this.secret.secretArn}-??????`;
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [arn],
    });
  }

  private createEmpty(retainData: boolean): Secret {
    const secret = new Secret(this, 'Secret', {
      description:
        'Clerk: {"secretKey":"sk_...","jwtKey":"-----BEGIN PUBLIC KEY-----...","webhookSecret":"whsec_..."}',
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // The construct would fill in a random password, which looks like a value and is none.
    (secret.node.defaultChild as CfnSecret).addPropertyDeletionOverride('GenerateSecretString');
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Clerk rolls its secret keys in its own dashboard; nothing here could make one.',
    });
    return secret;
  }
}

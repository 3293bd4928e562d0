import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface GradualDeploymentProps {
  /** What callers invoke; its version changes bit by bit. */
  readonly alias: Alias;
  /** Any of these, while a deployment is under way, puts the old version back. */
  readonly alarms: readonly Alarm[];
}

/** Gives a new version of a function a tenth of the requests for ten minutes, then all, unless an alarm rings. */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, { alias, alarms }: GradualDeploymentProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    // What AWS's own policy for it (AWSCodeDeployRoleForLambdaLimited) allows on every function and alarm.
    Grant.addToPrincipal({
      grantee: role,
      actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      resourceArns: [alias.lambda.functionArn, alias.functionArn],
    });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['cloudwatch:DescribeAlarms'],
      resourceArns: alarms.map((alarm) => alarm.alarmArn),
    });
    new LambdaDeploymentGroup(this, 'Group', {
      alias,
      alarms: [...alarms],
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
      role: role.withoutPolicyUpdates({ addGrantsToResources: false }),
    });
  }
}

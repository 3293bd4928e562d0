import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface GradualDeploymentProps {
  /** The alias that callers invoke. The deployment shifts its traffic. */
  readonly alias: Alias;
  /** If one of these alarms starts during a deployment, CodeDeploy restores the old version. */
  readonly alarms: readonly Alarm[];
}

/** Sends 10 % of the requests to a new version for ten minutes, then all. An alarm restores the old version. */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, { alias, alarms }: GradualDeploymentProps) {
    super(scope, id);
    // CodeDeploy may assume the role only for deployments of this account:
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    // The permissions of AWSCodeDeployRoleForLambdaLimited, restricted to this function and these alarms.
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

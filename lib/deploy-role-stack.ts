import { CfnOutput, DefaultStackSynthesizer, Duration, type Environment, Stack, Tags } from 'aws-cdk-lib';
import { Grant, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { StageError } from './stages/check';

export interface DeployRoleStackProps {
  /** The name of the stage, and of the GitHub environment whose jobs can deploy it. */
  readonly stageName: string;
  /**
   * The repository as in the subject of its tokens: OWNER/NAME, or OWNER@ID/NAME@ID for repositories that were created,
   * renamed or transferred since July 2026: https://docs.github.com/en/actions/reference/security/oidc
   */
  readonly githubRepository: string;
  /** Create a role with which the GitHub environment `<stage>-diff` can compare pull requests with this stage. */
  readonly diffsPullRequests: boolean;
  /** Account and Region. Default: those of the credentials used to deploy. */
  readonly env?: Environment;
}

/** The issuer of GitHub's workflow tokens, and the name of the account's identity provider for them. */
const issuer = 'token.actions.githubusercontent.com';

/**
 * Roles that `cdk bootstrap` creates. `cdk deploy` assumes the first two, and `cdk diff` without a change set the third.
 * The role for container images is not needed.
 */
type BootstrapRole = 'deploy' | 'file-publishing' | 'lookup';

/**
 * IAM roles with which GitHub workflows deploy a stage and compare pull requests with it, without a stored access key.
 * @throws StageError if the repository is not in one of the two forms, so that no pattern gets into the trust policy.
 */
export class DeployRoleStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployRoleStackProps) {
    const { stageName, githubRepository, diffsPullRequests, env } = props;
    const tags = { service: 'satori-keys', stage: stageName };
    super(scope, id, {
      description: `Satori Keys (${stageName}): roles for GitHub workflows`,
      tags,
      ...(env && { env }),
    });
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    if (!/^([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+)$/.test(githubRepository)) {
      throw new StageError(
        `"${githubRepository}" is not a GitHub repository. Add -c githubRepository=OWNER/NAME or OWNER@ID/NAME@ID.`,
      );
    }

    const deployRole = this.createRole('DeployRole', {
      description: `Deploys Satori Keys (${stageName}) from the GitHub environment ${stageName}`,
      subject: `repo:${githubRepository}:environment:${stageName}`,
      bootstrapRoles: ['deploy', 'file-publishing'],
    });
    new CfnOutput(this, 'DeployRoleArn', {
      value: deployRole.roleArn,
      description: `Value of the variable AWS_DEPLOY_ROLE_ARN in the GitHub environment ${stageName}`,
    });
    if (!diffsPullRequests) return;

    const diffRole = this.createRole('DiffRole', {
      description: `Compares pull requests with Satori Keys (${stageName})`,
      subject: `repo:${githubRepository}:environment:${stageName}-diff`,
      bootstrapRoles: ['lookup'],
    });
    new CfnOutput(this, 'DiffRoleArn', {
      value: diffRole.roleArn,
      description: `Value of the variable AWS_DIFF_ROLE_ARN in the GitHub environment ${stageName}-diff`,
    });
  }

  private createRole(
    id: string,
    role: { description: string; subject: string; bootstrapRoles: BootstrapRole[] },
  ): Role {
    const provider = this.iamArn('oidc-provider', issuer);
    const assumedBy = new WebIdentityPrincipal(provider, {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: role.subject },
    });
    const grantee = new Role(this, id, {
      description: role.description,
      assumedBy,
      maxSessionDuration: Duration.hours(1),
    });
    const qualifier = this.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    Grant.addToPrincipal({
      grantee,
      actions: ['sts:AssumeRole'],
      resourceArns: role.bootstrapRoles.map((name) =>
        this.iamArn('role', `cdk-${qualifier}-${name}-role-${this.account}-${this.region}`),
      ),
    });
    return grantee;
  }

  private iamArn(resource: string, resourceName: string): string {
    return this.formatArn({ service: 'iam', region: '', resource, resourceName });
  }
}

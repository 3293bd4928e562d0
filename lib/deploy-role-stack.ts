import { CfnOutput, DefaultStackSynthesizer, Duration, type Environment, Stack, Tags } from 'aws-cdk-lib';
import { Grant, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { StageError } from './stages';

export interface DeployRoleStackProps {
  /** The name of the stage, and of the GitHub environment whose jobs may deploy it. */
  readonly stageName: string;
  /**
   * The repository, spelled as in the subject of its tokens: OWNER/NAME, or OWNER@ID/NAME@ID. GitHub puts the IDs in
   * for repositories made, renamed or moved since July 2026:
   * https://docs.github.com/en/actions/reference/security/oidc
   */
  readonly githubRepository: string;
  /** Lets pull requests of the repository compare themselves with this stage. */
  readonly diffsPullRequests: boolean;
  /** Account and region; without them whatever the CLI's credentials name. */
  readonly env?: Environment;
}

/** GitHub's issuer of tokens for workflows; an account has one identity provider for it, under this name. */
const issuer = 'token.actions.githubusercontent.com';

/**
 * Roles that `cdk bootstrap` makes: `cdk deploy` takes on the first two, `cdk diff` without a change set the third.
 * Publishing images is a fourth, which nothing here needs.
 */
type BootstrapRole = 'deploy' | 'file-publishing' | 'lookup';

/**
 * What GitHub's workflows may do to one stage, without a key that anybody stores.
 * @throws StageError for a repository that is not spelled as above, so that no pattern gets into the trust policy.
 */
export class DeployRoleStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployRoleStackProps) {
    const { stageName, githubRepository, diffsPullRequests, env } = props;
    const tags = { service: 'satori-keys', stage: stageName };
    super(scope, id, {
      description: `Satori Keys (${stageName}): what GitHub's workflows may do`,
      tags,
      ...(env && { env }),
    });
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    if (!/^([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+)$/.test(githubRepository)) {
      throw new StageError(
        `"${githubRepository}" is no GitHub repository: add -c githubRepository=OWNER/NAME or OWNER@ID/NAME@ID.`,
      );
    }

    const deployRole = this.createRole('DeployRole', {
      description: `Deploys Satori Keys (${stageName}), from the GitHub environment ${stageName}`,
      subject: `repo:${githubRepository}:environment:${stageName}`,
      bootstrapRoles: ['deploy', 'file-publishing'],
    });
    new CfnOutput(this, 'DeployRoleArn', {
      value: deployRole.roleArn,
      description: `AWS_DEPLOY_ROLE_ARN, a variable of the GitHub environment ${stageName}`,
    });
    if (!diffsPullRequests) return;

    const diffRole = this.createRole('DiffRole', {
      description: `Compares pull requests with Satori Keys (${stageName})`,
      subject: `repo:${githubRepository}:pull_request`,
      bootstrapRoles: ['lookup'],
    });
    new CfnOutput(this, 'DiffRoleArn', {
      value: diffRole.roleArn,
      description: 'AWS_DIFF_ROLE_ARN, a variable of the GitHub repository',
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

import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { unusableVariables } from '../../lambda/shared/env';
import { bundledCode } from '../bundled-code';
import { acknowledge } from './acknowledge';

export interface KeysFunctionProps {
  readonly description: string;
  /** The handler's source file, relative to the project root. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The schema of the environment, with which the function parses it at its start. */
  readonly environmentSchema: Parameters<typeof unusableVariables>[0];
  readonly logRetention: RetentionDays;
  /** Keep the log when the stack is deleted, until its retention period ends. */
  readonly retainLogs: boolean;
  /**
   * The timeout of an invocation. The default of 25 s is below the 30 s limit of an HTTP API integration:
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
   */
  readonly timeout?: Duration;
  /** The maximum number of concurrent executions; 0 stops the function. Default: the account's limit. */
  readonly reservedConcurrency?: number | undefined;
  /** The number of execution environments that are kept initialized. Default: none. */
  readonly provisionedConcurrency?: number | undefined;
}

/** A Lambda function with its own role and log group, invoked through the alias `live`. */
export class KeysFunction extends Construct implements IGrantable {
  /** The alias that callers invoke. A deployment moves it to the new version. */
  readonly live: Alias;
  readonly grantPrincipal: IPrincipal;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: KeysFunctionProps) {
    super(scope, id);
    this.checkEnvironment(props);
    // Without a name of its own: a kept log group must not block the next deployment of the same stack.
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.retainLogs ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const role = this.createRole(this.logGroup);
    const lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundledCode(props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      timeout: props.timeout ?? Duration.seconds(25),
      // CDK must not add permissions: the role gets only those granted below and by the stack.
      role: role.withoutPolicyUpdates({ addGrantsToResources: false }),
      environment: { ...props.environment },
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
    });
    acknowledge(lambda, {
      id: 'Serverless-LambdaDLQ',
      reason: 'An API returns each failure to its caller, a stream has a queue, and a schedule repeats the run.',
    });
    this.grantPrincipal = role;
    nameBucketByPseudoParameters(lambda);
    this.live = new Alias(this, 'Live', {
      aliasName: 'live',
      version: lambda.currentVersion,
      ...(props.provisionedConcurrency !== undefined && {
        provisionedConcurrentExecutions: props.provisionedConcurrency,
      }),
    });
  }

  /** @throws Error for a value with which the function could not start. Values known only at deployment are skipped. */
  private checkEnvironment({ environment, environmentSchema }: KeysFunctionProps): void {
    for (const name of unusableVariables(environmentSchema, environment)) {
      const value = environment[name];
      if (value === undefined || Token.isUnresolved(value)) continue;
      throw new Error(`${this.node.path}: the function cannot start with ${name}="${value}".`);
    }
  }

  private createRole(logGroup: LogGroup): Role {
    // Without aws:SourceAccount: Lambda's documentation does not promise to send it, and a role can only be passed to a
    // function of its own account: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const grant = (actions: string[], resourceArns: string[]) =>
      Grant.addToPrincipal({ grantee: role, actions, resourceArns });
    grant(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    // These X-Ray actions support no resource-level permissions:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    grant(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']);
    acknowledge(role, {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray actions support no resource-level permissions. These two only send traces.',
    });
    return role;
  }
}

/** A pseudo parameter in `Fn::Sub`. */
const pseudo = (name: 'AccountId' | 'Region') => `\${AWS::${name}}`;

/**
 * Names the bucket of the code by the account and Region of the deployment, also if the stack's environment is set. The
 * logical id of a version contains a hash of this name. With another name for the same code, CloudFormation would create
 * a version that exists already, and the deployment would fail.
 */
function nameBucketByPseudoParameters(lambda: LambdaFunction): void {
  const stack = Stack.of(lambda);
  const resource = lambda.node.defaultChild as CfnFunction;
  const bucket: unknown = stack.resolve(resource.code).s3Bucket;
  const name = (bucket as { 'Fn::Sub'?: unknown } | undefined)?.['Fn::Sub'] ?? bucket;
  if (typeof name !== 'string') return;
  const general = name.replaceAll(stack.account, pseudo('AccountId')).replaceAll(stack.region, pseudo('Region'));
  resource.addPropertyOverride('Code.S3Bucket', { 'Fn::Sub': general });
}

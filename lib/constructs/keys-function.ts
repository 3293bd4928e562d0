import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from '../bundled-code';

export interface KeysFunctionProps {
  readonly description: string;
  /** The source file of the handler, from the project's root. */
  readonly entry: string;
  readonly environment: Record<string, string>;
  readonly logRetention: RetentionDays;
  /**
   * How long one invocation may take. The default, 25 s, is below the 30 s after which an HTTP API gives up:
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
   */
  readonly timeout?: Duration;
  /** How many run at once, at most; left out, as many as the account lets. */
  readonly reservedConcurrency?: number | undefined;
  /** How many are kept started; left out, none. */
  readonly provisionedConcurrency?: number | undefined;
}

/** A Lambda function of the service, with a role and a log group of its own, behind the alias `live`. */
export class KeysFunction extends Construct implements IGrantable {
  /** What callers invoke: the alias, so that a deployment can move it. */
  readonly live: Alias;
  readonly grantPrincipal: IPrincipal;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: KeysFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.createRole(this.logGroup);
    const lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundledCode(props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      ...(props.reservedConcurrency && { reservedConcurrentExecutions: props.reservedConcurrency }),
      timeout: props.timeout ?? Duration.seconds(25),
      // Everything that this construct and the grants do not say stays out of the role.
      role: role.withoutPolicyUpdates({ addGrantsToResources: false }),
      environment: props.environment,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
    });
    Validations.of(lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'Only invoked synchronously, by an API, which hands every failure to its caller.',
    });
    this.grantPrincipal = role;
    this.live = new Alias(this, 'Live', {
      aliasName: 'live',
      version: lambda.currentVersion,
      ...(props.provisionedConcurrency && { provisionedConcurrentExecutions: props.provisionedConcurrency }),
    });
  }

  private createRole(logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const grant = (actions: string[], resourceArns: string[]) =>
      Grant.addToPrincipal({ grantee: role, actions, resourceArns });
    grant(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    // X-Ray knows no resources, so its actions can be granted on `*` only:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    grant(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to name; these two actions send traces and read nothing.',
    });
    return role;
  }
}

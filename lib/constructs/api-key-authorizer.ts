import { Duration, Names } from 'aws-cdk-lib';
import type {
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AuthorizerVariables, authorizerEnvironment } from '../../lambda/shared/env';
import { entries } from '../bundle';
import { Alarms } from './alarms';
import { KeysFunction } from './keys-function';
import { grantVerify } from './keys-tables';

/** What an authorizer requires of a key. */
export interface RouteRules {
  /**
   * The scopes that a key must have, all of them, to be accepted. For routes that need others, add another authorizer.
   * Default: none.
   */
  readonly scopes?: readonly string[];
  /** How many requests per minute a key can make, at least 1. The requests to all APIs count together. Default: no limit. */
  readonly requestsPerMinute?: number;
  /**
   * How long API Gateway caches the result for a key. During this time a revoked key is still accepted, and requests
   * are not counted. At most 3,600 s, in whole seconds. Default: no cache.
   */
  readonly cacheFor?: Duration;
  /** How long the authorizer's log is kept. Default: one month. */
  readonly logRetention?: RetentionDays;
}

export interface ApiKeyAuthorizerProps extends RouteRules {
  /** The key service's keys table: `TableV2.fromTableName(…)` with its output `TableName`. */
  readonly table: Pick<ITable, 'tableArn' | 'tableName'>;
  /** The key service's uses table, with its output `UsesTableName`. */
  readonly usesTable: Pick<ITable, 'tableArn' | 'tableName'>;
  /** The stage's key prefix. Default: `sk_satori`. */
  readonly keyPrefix?: string | undefined;
  /** Earlier prefixes whose keys are still accepted. Default: none. */
  readonly previousKeyPrefixes?: readonly string[];
  /**
   * All Regions of a stage with replicas, including this one. After a rotation, the previous secret is refused when the
   * grace period is over, in whichever of these Regions the new secret was first used. Default: this Region.
   */
  readonly useRegions?: readonly string[];
  /** The stage of the key service. Its alarms and dashboard then include these verifications. Default: `authorizer`. */
  readonly stageName?: string;
  /** Keep the log when the stack is deleted, until its retention period ends. Default: true. */
  readonly retainLogs?: boolean;
  /**
   * The topic that the alarms notify, such as that of the key service: `Topic.fromTopicArn(…)` with its output
   * `AlarmTopicArn`. Default: the alarms notify nobody, and are only shown in CloudWatch.
   */
  readonly alarmTopic?: ITopic;
  /** The URL of docs/operations.md in your repository. Alarms link to it. Default: its path. */
  readonly runbookUrl?: string;
}

/**
 * An authorizer that protects routes of an HTTP API in the same account and Region as the key service. API Gateway
 * answers 401 if `x-api-key` is missing and 403 if the key is refused, over its limit or without a required scope. For
 * an accepted request, `requestContext.authorizer.lambda` has `clerkUserId`, `keyId`, `name`, `scopes` and, for a key of
 * an organization, `clerkOrgId`. A key in `Authorization` is not accepted: API Gateway requires every identity source of
 * an authorizer to be present, and caches by them.
 */
export class ApiKeyAuthorizer extends Construct implements IHttpRouteAuthorizer {
  /** The alarms for failed and throttled verifications, to which you can add actions. */
  readonly alarms: readonly Alarm[];
  private readonly authorizer: HttpLambdaAuthorizer;

  constructor(scope: Construct, id: string, props: ApiKeyAuthorizerProps) {
    super(scope, id);
    const { table, usesTable, useRegions, requestsPerMinute, cacheFor = Duration.seconds(0) } = props;
    this.checkCache(cacheFor);
    const environment: AuthorizerVariables = {
      STAGE: props.stageName ?? 'authorizer',
      TABLE_NAME: table.tableName,
      USES_TABLE_NAME: usesTable.tableName,
      KEY_PREFIX: props.keyPrefix ?? 'sk_satori',
      PREVIOUS_KEY_PREFIXES: (props.previousKeyPrefixes ?? []).join(','),
      KEY_REQUESTS_PER_MINUTE: String(requestsPerMinute ?? 'off'),
      ...(useRegions && { USE_REGIONS: useRegions.join(',') }),
      REQUIRED_SCOPES: (props.scopes ?? []).join(','),
    };
    const handler = new KeysFunction(this, 'Handler', {
      description: 'Satori Keys: verifies API keys for an HTTP API',
      entry: entries.authorizer,
      environment,
      environmentSchema: authorizerEnvironment,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      retainLogs: props.retainLogs ?? true,
      // An HTTP API waits at most 10 s for an authorizer:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
      timeout: Duration.seconds(9),
    });
    grantVerify(handler, { keys: table, uses: usesTable });
    this.alarms = this.addAlarms(handler, props);
    this.authorizer = new HttpLambdaAuthorizer(Names.uniqueResourceName(this, { maxLength: 64 }), handler.live, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.x-api-key'],
      resultsCacheTtl: cacheFor,
    });
  }

  /** @throws Error for a time that API Gateway does not accept: otherwise only the deployment would fail. */
  private checkCache(cacheFor: Duration): void {
    if (cacheFor.isUnresolved()) return;
    const seconds = cacheFor.toSeconds({ integral: false });
    if (Number.isInteger(seconds) && seconds <= 3_600) return;
    throw new Error(
      `${this.node.path}: cacheFor is ${seconds} s. Use whole seconds from 0 to 3,600, such as Duration.seconds(60).`,
    );
  }

  private addAlarms({ live }: KeysFunction, { alarmTopic, runbookUrl = 'docs/operations.md' }: ApiKeyAuthorizerProps) {
    const prefix = Names.uniqueResourceName(this, { separator: '-', maxLength: 200 });
    const alarms = new Alarms(this, 'Alarms', { prefix, runbookUrl, topic: alarmTopic });
    return [
      alarms.add({
        name: 'authorizer-errors',
        metric: live.metricErrors(),
        threshold: 3,
        reason:
          'At least three keys in five minutes could not be verified. Their callers got 500 from the guarded API.',
      }),
      alarms.add({
        name: 'authorizer-throttles',
        metric: live.metricThrottles(),
        threshold: 1,
        reason: 'Lambda throttled the authorizer. Callers of the guarded API got 500, also those with a valid key.',
      }),
    ];
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    return this.authorizer.bind(options);
  }

  get authorizationType(): string | undefined {
    return this.authorizer.authorizationType;
  }
}

import { Duration } from 'aws-cdk-lib';
import type {
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { entries } from '../bundle';
import { KeysFunction } from './keys-function';

export interface ApiKeyAuthorizerProps {
  /** The table of the key service, as its output `TableName` names it: `TableV2.fromTableName(…)`. */
  readonly table: Pick<ITable, 'tableArn' | 'tableName'>;
  /** What keys of that service start with; `sk_satori` without it. */
  readonly keyPrefix?: string;
  /** How many requests a minute a key may make, together with all else that it is used for; left out, any. */
  readonly requestsPerMinute?: number;
  /**
   * How long the gateway takes a key's answer from memory: so long a revoked key lives on, and its requests are not
   * counted. Nothing without it.
   */
  readonly cacheFor?: Duration;
  /** The stage whose keys pass: its alarms and its dashboard then count these verifications too. */
  readonly stageName?: string;
  /** How long the authorizer's log is kept; a month without it. */
  readonly logRetention?: RetentionDays;
}

/**
 * Guards routes of any HTTP API with the keys of a key service in the same account and region. A request without
 * `x-api-key` is 401, one whose key is refused or limited 403, both by the gateway; what is let through carries
 * `clerkUserId`, `keyId` and `name` in `requestContext.authorizer.lambda`.
 */
export class ApiKeyAuthorizer extends Construct implements IHttpRouteAuthorizer {
  private readonly authorizer: HttpLambdaAuthorizer;

  constructor(scope: Construct, id: string, props: ApiKeyAuthorizerProps) {
    super(scope, id);
    const { table, keyPrefix = 'sk_satori', requestsPerMinute, cacheFor = Duration.seconds(0) } = props;
    const handler = new KeysFunction(this, 'Handler', {
      description: 'Satori Keys: says whether an API key may pass',
      entry: entries.authorizer,
      environment: {
        STAGE: props.stageName ?? 'authorizer',
        TABLE_NAME: table.tableName,
        KEY_PREFIX: keyPrefix,
        KEY_REQUESTS_PER_MINUTE: String(requestsPerMinute ?? 'off'),
      },
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      // An HTTP API waits 10 s for an authorizer:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
      timeout: Duration.seconds(9),
    });
    Grant.addToPrincipal({
      grantee: handler,
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resourceArns: [table.tableArn],
    });
    this.authorizer = new HttpLambdaAuthorizer('ApiKey', handler.live, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.x-api-key'],
      resultsCacheTtl: cacheFor,
    });
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    return this.authorizer.bind(options);
  }

  get authorizationType(): string | undefined {
    return this.authorizer.authorizationType;
  }
}

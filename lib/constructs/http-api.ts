import { Aws, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Domain } from '../stages/values';
import { acknowledge } from './acknowledge';
import { ApiDomain } from './api-domain';

export interface KeysHttpApiProps {
  /** The API's name in the API Gateway console. */
  readonly name: string;
  readonly description: string;
  /** The function that handles every route. */
  readonly handler: IFunction;
  readonly corsOrigins: readonly string[];
  /** The API's custom domain name. If set, the default `execute-api` endpoint is disabled. */
  readonly domain?: Domain;
  /** Accept reports of leaked keys from GitHub's secret scanning. */
  readonly githubSecretScanning: boolean;
  /** Requests per second of the whole API: steady rate and burst. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetention: RetentionDays;
  /** Keep the access log when the stack is deleted, until its retention period ends. */
  readonly retainLogs: boolean;
}

/** The fields of an access log line. Headers, query strings and bodies are not logged. */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  routeKey: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  error: '$context.error.message',
};

/** The public HTTP API. One function handles all routes. */
export class KeysHttpApi extends Construct {
  readonly api: HttpApi;
  /** `https://<host>`, without a trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: KeysHttpApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: props.name,
      description: props.description,
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.domain !== undefined,
      corsPreflight: {
        allowOrigins: [...props.corsOrigins],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
        allowHeaders: ['authorization', 'content-type', 'x-api-key', 'trpc-accept', 'x-trpc-source'],
        exposeHeaders: ['retry-after', 'x-request-id'],
        maxAge: Duration.hours(1),
      },
    });
    const integration = new HttpLambdaIntegration('Handler', props.handler, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    this.api.addRoutes({ path: '/trpc/{proxy+}', methods: [HttpMethod.GET, HttpMethod.POST], integration });
    this.api.addRoutes({ path: '/webhooks/clerk', methods: [HttpMethod.POST], integration });
    if (props.githubSecretScanning) {
      // The throttle of the whole API applies. With a lower one, somebody could block GitHub's reports.
      this.api.addRoutes({ path: '/leaks/github', methods: [HttpMethod.POST], integration });
    }
    for (const path of ['/health', '/openapi.json']) {
      this.api.addRoutes({ path, methods: [HttpMethod.GET], integration });
    }
    acknowledge(this.api, {
      id: 'AwsSolutions-APIG4',
      reason:
        'The function verifies session tokens. A JWT authorizer requires an audience, which Clerk session tokens do not have.',
    });
    const domain = props.domain && new ApiDomain(this, 'Domain', props.domain);
    this.addStage(props, domain?.domainName);
    this.url = props.domain ? `https://${props.domain.name}` : this.api.apiEndpoint;
  }

  private addStage(props: KeysHttpApiProps, domainName?: DomainName): void {
    // Below this prefix a log group needs no entry in the Region's resource policy, which has room for about ten APIs:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
    // The stack's unique id makes the name unique: a kept log group must not block the next deployment of the stack.
    const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/${props.name}-${stackUuid}`,
      retention: props.logRetention,
      removalPolicy: props.retainLogs ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      ...(domainName && { domainMapping: { domainName } }),
      throttle: { rateLimit: props.throttle.rate, burstLimit: props.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
  }
}

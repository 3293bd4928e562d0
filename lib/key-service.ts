import { Annotations, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { apiEnvironment } from '../lambda/shared/env';
import { entries } from './bundle';
import { ApiKeyAuthorizer, type RouteRules } from './constructs/api-key-authorizer';
import { apiVariables } from './constructs/api-variables';
import { ClerkSecret } from './constructs/clerk-secret';
import { FixedIds } from './constructs/fixed-ids';
import { GradualDeployment } from './constructs/gradual-deployment';
import { KeysHttpApi } from './constructs/http-api';
import { KeyEvents } from './constructs/key-events';
import { KeyPrefixRule } from './constructs/key-prefix-rule';
import { KeysFunction } from './constructs/keys-function';
import { grantVerify, KeysTables } from './constructs/keys-tables';
import { Maintenance } from './constructs/maintenance';
import { Monitoring } from './constructs/monitoring';
import { environmentOfStack, serviceNameOf } from './constructs/service-name';
import { checkedValues } from './stages/check';
import { noticesIn, samplesIn } from './stages/notices';
import type { Place } from './stages/place';
import type { Stage } from './stages/schema';
import type { ServiceValues } from './stages/values';

export interface KeyServiceProps extends ServiceValues {
  /**
   * Names the service in logs, metrics, alarms and the dashboard; alarms are called `satori-keys-<stageName>-…`. It has to
   * be unique in the account and Region: 1 to 80 letters, digits, hyphens and underscores. Default: the stack's name and
   * the construct's path in it, such as `Acme-Keys`.
   */
  readonly stageName?: string | undefined;
}

/**
 * The whole key service: API, tables, secret, alarms, dashboard. A stack can contain several. Account, Region, tags and
 * termination protection are those of the stack.
 *
 * The logical ids of the tables, the secret and the rule for the key prefix contain only the construct's path in its
 * stack, so an upgrade of this package does not replace them. Moving or renaming the construct does.
 * @throws StageError for invalid props. It has one line for each problem, which names the prop and what to set.
 */
export class KeyService extends Construct {
  /** The base URL of the API, `https://<host>` without a trailing slash. */
  readonly apiUrl: string;
  /** The tables of keys and of their uses. */
  readonly tables: KeysTables;
  /** The secret for Clerk's keys. `npx satori-keys clerk-secret` stores them. */
  readonly clerkSecret: ClerkSecret;
  /** The topic that the alarms notify. */
  readonly alarmTopic: ITopic;
  /** The bus that gets the changes of keys: docs/events.md. */
  readonly eventBus: IEventBus;
  readonly api: KeysHttpApi;
  private readonly stageName: string;
  private readonly stage: Stage;

  /** @param place how problems name the props. Default: by the construct's path. */
  constructor(scope: Construct, id: string, { stageName, ...values }: KeyServiceProps, place?: Place) {
    super(scope, id);
    const named = place ?? this.place();
    this.stageName = serviceNameOf(this, named, stageName);
    const stage = checkedValues(named, { ...values, ...environmentOfStack(this) });
    this.stage = stage;
    for (const sample of samplesIn(named, stage)) Annotations.of(this).addWarningV2('satori-keys:sample', sample);
    for (const notice of noticesIn(named, stage)) Annotations.of(this).addInfo(notice);

    const ids = new FixedIds(this);
    new KeyPrefixRule(this, 'KeyPrefix', { ...stage, ids });
    this.tables = new KeysTables(this, 'Tables', { ...stage, ids });
    this.clerkSecret = new ClerkSecret(this, 'Clerk', {
      existingName: stage.clerkSecretName,
      retainData: stage.retainData,
      ids,
    });
    const apiFunction = this.createFunction(stage);
    this.api = new KeysHttpApi(this, 'HttpApi', {
      name: `satori-keys-${this.stageName}`,
      description: `Satori Keys (${this.stageName}): HTTP API`,
      handler: apiFunction.live,
      retainLogs: stage.retainData,
      ...stage,
    });
    this.apiUrl = this.api.url;
    const events = new KeyEvents(this, 'Events', { stageName: this.stageName, stage, table: this.tables.keys });
    this.eventBus = events.bus;
    const maintenance = new Maintenance(this, 'Maintenance', {
      stageName: this.stageName,
      stage,
      tables: this.tables,
      clerkSecret: this.clerkSecret,
      useRegions: this.useRegions,
    });
    const { deploymentAlarms, topic } = new Monitoring(this, 'Monitoring', {
      ...stage,
      stageName: this.stageName,
      api: this.api.api,
      live: apiFunction.live,
      tables: this.tables,
      functionLogs: apiFunction.logGroup,
      events,
      maintenance,
    });
    this.alarmTopic = topic;
    if (stage.gradualDeployment) {
      new GradualDeployment(this, 'Deployment', { alias: apiFunction.live, alarms: deploymentAlarms });
    }
  }

  /** Lets the grantee verify keys, as `satori-keys/verify` does: read keys, count uses. It cannot change a key. */
  grantVerify(grantee: IGrantable): void {
    grantVerify(grantee, this.tables);
  }

  /**
   * An authorizer for routes of an HTTP API in the service's account and Region, with the service's tables, prefixes,
   * Regions, alarms and, unless `rules` has another one, request limit.
   * @param scope the stack of the API, or a construct in it.
   */
  authorizer(scope: Construct, id: string, rules: RouteRules = {}): ApiKeyAuthorizer {
    const { keyPrefix, previousKeyPrefixes, requestsPerMinute, logRetention } = this.stage;
    return new ApiKeyAuthorizer(scope, id, {
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      logRetention,
      ...rules,
      table: this.tables.keys,
      usesTable: this.tables.uses,
      keyPrefix,
      previousKeyPrefixes,
      ...(this.useRegions && { useRegions: this.useRegions }),
      stageName: this.stageName,
      alarmTopic: this.alarmTopic,
      runbookUrl: this.stage.runbookUrl,
      retainLogs: this.stage.retainData,
    });
  }

  /** All Regions of a stage with replicas; undefined without replicas. */
  private get useRegions(): string[] | undefined {
    const { replicaRegions } = this.stage;
    return replicaRegions.length > 0 ? [Stack.of(this).region, ...replicaRegions] : undefined;
  }

  private place(): Place {
    return {
      subject: this.node.path,
      source: 'the props of KeyService',
      regionField: 'the Region in env of the stack',
    };
  }

  private createFunction(stage: Stage): KeysFunction {
    const apiFunction = new KeysFunction(this, 'ApiFunction', {
      description: `Satori Keys (${this.stageName}): handles all HTTP requests`,
      entry: entries.api,
      environment: apiVariables({
        stageName: this.stageName,
        stage,
        region: Stack.of(this).region,
        tables: this.tables,
        clerkSecretId: this.clerkSecret.id,
      }),
      environmentSchema: apiEnvironment,
      logRetention: stage.logRetention,
      retainLogs: stage.retainData,
      reservedConcurrency: stage.reservedConcurrency,
      provisionedConcurrency: stage.provisionedConcurrency,
    });
    this.tables.grantManage(apiFunction);
    this.clerkSecret.grantRead(apiFunction);
    return apiFunction;
  }
}

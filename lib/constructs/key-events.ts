import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type Alias, EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { keyRecordPattern } from '../../lambda/keys/repository/stream-record';
import { type EventsVariables, eventsEnvironment } from '../../lambda/shared/env';
import { entries } from '../bundle';
import type { Stage } from '../stages/schema';
import { acknowledge } from './acknowledge';
import { KeysFunction } from './keys-function';

export interface KeyEventsProps {
  readonly stageName: string;
  readonly stage: Pick<Stage, 'logRetention' | 'retainData'>;
  /** The table of keys, with a stream of new and old images. */
  readonly table: TableV2;
}

/**
 * Sends the changes of keys to an event bus. The table's stream is the outbox: each stored change is sent at least once,
 * and the changes of a key in order. After twelve hours of failures, the position of a change goes to a queue.
 */
export class KeyEvents extends Construct {
  readonly bus: EventBus;
  readonly live: Alias;
  /** The parts of the stream that were not sent. A message has the sequence numbers, not the changes. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { stageName, stage, table }: KeyEventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `satori-keys-${stageName}` });
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      acknowledge(this.failures, { id, reason: 'It is the queue for failures.' });
    }
    const environment: EventsVariables = { STAGE: stageName, EVENT_BUS_NAME: this.bus.eventBusName };
    const handler = new KeysFunction(this, 'Function', {
      description: `Satori Keys (${stageName}): sends the changes of keys to the event bus`,
      entry: entries.events,
      environment: { ...environment },
      environmentSchema: eventsEnvironment,
      logRetention: stage.logRetention,
      retainLogs: stage.retainData,
      timeout: Duration.seconds(30),
    });
    this.live = handler.live;
    this.connect(handler, table);
  }

  private connect(handler: KeysFunction, table: TableV2): void {
    const stream = table.tableStreamArn;
    if (!stream) throw new Error('The table of keys has no stream');
    const mapping = new EventSourceMapping(this, 'Stream', {
      target: handler.live,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The stream keeps a change for 24 hours, so an operator has twelve hours to look at one that is in the queue.
      maxRecordAge: Duration.hours(12),
      retryAttempts: 100,
      onFailure: new SqsDlq(this.failures),
      filters: [FilterCriteria.filter(keyRecordPattern)],
    });
    const grants: [string[], string][] = [
      [['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`), stream],
      [['events:PutEvents'], this.bus.eventBusArn],
      [['sqs:SendMessage'], this.failures.queueArn],
    ];
    for (const [actions, arn] of grants) {
      // Lambda checks the rights when the mapping is created.
      Grant.addToPrincipal({ grantee: handler, actions, resourceArns: [arn] }).applyBefore(mapping);
    }
  }
}

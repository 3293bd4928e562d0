import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface AlarmTopicProps {
  /** The sender name of the e-mails. */
  readonly displayName: string;
  /** E-mail addresses. Each recipient has to confirm the subscription once. */
  readonly recipients: readonly string[];
}

/** The SNS topic for alarms, with e-mail recipients. Other subscribers, such as a pager, can be added by its ARN. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { displayName, recipients }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName, enforceSSL: true });
    // Adding a statement replaces the default policy. This statement lets the account's alarms publish again.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const recipient of recipients) {
      const subscription = this.topic.addSubscription(new EmailSubscription(recipient));
      acknowledge(subscription, {
        id: 'Serverless-SNSRedrivePolicy',
        reason: 'SNS retries e-mails for hours, and the console shows the alarm in any case.',
      });
    }
  }
}

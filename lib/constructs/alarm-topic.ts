import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** What mails are from. */
  readonly displayName: string;
  /** E-mail addresses; each has to confirm once. */
  readonly recipients: readonly string[];
}

/** Where alarms go, and from there to people; other subscribers (a pager, a chat) can be added to it by its ARN. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { displayName, recipients }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName, enforceSSL: true });
    // A policy of its own takes the place of the default one, by which the account's alarms could publish.
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
      Validations.of(subscription).acknowledge({
        id: 'Serverless-SNSRedrivePolicy',
        reason: 'A mail: SNS tries it again for hours, and the alarm stays to be seen in the console.',
      });
    }
  }
}

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ApiKeyAuthorizer } from '../../lib/constructs/api-key-authorizer';
import type { KeysStack } from '../../lib/keys-stack';
import { createStack } from '../../local/synthesize';

export const allStages = ['local', 'dev', 'staging', 'prod'];

const stacks = new Map<string, KeysStack>();
const templates = new Map<string, Template>();

/** A stage's stack, without the code of its functions. test/deep/stages/stages.test.ts tests its warnings about samples. */
export function stackOf(stage: string): KeysStack {
  const stack = stacks.get(stage) ?? createStack(stage, false);
  stacks.set(stage, stack);
  return stack;
}

/** The template of a stage. It is synthesized once per test file, because that is slow. */
export function templateOf(stage: string): Template {
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => {});
  const template = templates.get(stage) ?? Template.fromStack(stackOf(stage));
  templates.set(stage, template);
  silenced.mockRestore();
  return template;
}

export const alarmTopicArn = 'arn:aws:sns:eu-central-1:111122223333:alarms';

/** The template of a stack `authorizer` with an API whose route is protected by an ApiKeyAuthorizer `Keys`. */
export function authorizerTemplate(): Template {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'authorizer');
  new HttpApi(stack, 'Api').addRoutes({
    path: '/hello',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Hello', 'https://hello.acme.test'),
    authorizer: new ApiKeyAuthorizer(stack, 'Keys', {
      table: TableV2.fromTableName(stack, 'Table', 'Keys'),
      usesTable: TableV2.fromTableName(stack, 'UsesTable', 'Uses'),
      alarmTopic: Topic.fromTopicArn(stack, 'Alarms', alarmTopicArn),
      runbookUrl: 'https://git.acme.test/docs/operations.md',
    }),
  });
  return Template.fromStack(stack);
}

// biome-ignore lint/suspicious/noExplicitAny: the properties depend on the resource type.
export type Properties = Record<string, any>;

/** The properties of all resources of a type. */
export function propertiesIn(template: Template, type: string): Properties[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** All policy statements of a template: inline, attached and managed policies. */
export function statementsIn(template: Template): Statement[] {
  const documents = [
    ...propertiesIn(template, 'AWS::IAM::Policy'),
    ...propertiesIn(template, 'AWS::IAM::ManagedPolicy'),
    ...propertiesIn(template, 'AWS::IAM::Role').flatMap(({ Policies = [] }) => Policies),
  ];
  return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

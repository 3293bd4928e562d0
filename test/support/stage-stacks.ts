import { Template } from 'aws-cdk-lib/assertions';
import type { KeysStack } from '../../lib/keys-stack';
import { createStack } from '../../local/synthesize';

export const allStages = ['local', 'dev', 'staging', 'prod'];

const stacks = new Map<string, KeysStack>();
const templates = new Map<string, Template>();

/** A stage's stack, without the code of its functions. test/lib/stages.test.ts tests its warnings about samples. */
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

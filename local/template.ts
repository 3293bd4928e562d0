/** The parts of a CloudFormation template, as `cdk synth` writes it, that the local server reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the properties depend on the resource type.
  readonly Properties: Readonly<Record<string, any>>;
}

export interface NamedResource extends Resource {
  readonly logicalId: string;
}

/** All resources of a type, in the order of the template. */
export function resourcesOf(template: Template, type: string): NamedResource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, ...resource }));
}

/** @throws Error unless the template has exactly one resource of the type. */
export function theResource(template: Template, type: string): NamedResource {
  const [resource, ...more] = resourcesOf(template, type);
  if (!resource || more.length > 0) throw new Error(`The local server needs exactly one ${type} in the template.`);
  return resource;
}

/** The values of pseudo parameters in the local service. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * Resolves the references in a value of the template. `Ref` and `Fn::GetAtt` of any attribute become the resource's
 * logical ID, because local resources are named by their logical IDs.
 * @throws Error for an intrinsic function that is not supported yet.
 */
export function resolve(template: Template, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(template, element));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) {
    return Object.fromEntries(entries.map(([key, member]) => [key, resolve(template, member)]));
  }
  return callIntrinsic(template, name, argument);
}

function callIntrinsic(template: Template, name: string, argument: unknown): unknown {
  if (name === 'Ref') return pseudoParameters[String(argument)] ?? knownResource(template, String(argument));
  if (name === 'Fn::GetAtt') return knownResource(template, (argument as string[])[0] ?? '');
  const [first, second] = resolve(template, argument) as [unknown, unknown];
  if (name === 'Fn::Join') return (second as string[]).join(first as string);
  if (name === 'Fn::Split') return (second as string).split(first as string);
  if (name === 'Fn::Select') return (second as unknown[])[Number(first)];
  throw new Error(`The local server does not support ${name}. Add it to local/template.ts.`);
}

function knownResource(template: Template, logicalId: string): string {
  if (!(logicalId in template.Resources))
    throw new Error(`The template refers to ${logicalId}, but does not contain it.`);
  return logicalId;
}

/**
 * The logical ID of the function that an ARN or a name in the template is made of: that of an alias is the function's.
 * An alias can be in an expression that takes an ARN apart, which logical IDs are not.
 */
export function functionIdOf(template: Template, reference: unknown): string {
  const ids = [...JSON.stringify(reference).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id = '']) => id);
  const invoked = ids.find((id) => template.Resources[id]?.Type.startsWith('AWS::Lambda::')) ?? '';
  const alias = template.Resources[invoked];
  return alias?.Type === 'AWS::Lambda::Alias' ? String(resolve(template, alias.Properties.FunctionName)) : invoked;
}

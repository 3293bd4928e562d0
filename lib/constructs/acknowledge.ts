import * as cdk from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * States why a finding of cdk-nag is acceptable. Versions of aws-cdk-lib without `Validations` have nothing that could
 * report it.
 * @param id of the rule, such as `AwsSolutions-SMG4`.
 */
export function acknowledge(construct: IConstruct, finding: { readonly id: string; readonly reason: string }): void {
  if ('Validations' in cdk) cdk.Validations.of(construct).acknowledge(finding);
}

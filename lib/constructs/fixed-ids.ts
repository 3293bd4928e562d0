import type { CfnElement } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { pathInStack } from './service-name';

/** The path with which a service's ids have no prefix: that of the clone's stack. */
const clonePath = 'Keys';

/**
 * Logical ids of what must not be replaced. They contain the path of the key service in its stack, and not the path
 * within the service, so that a newer version can move its constructs. The service `Keys` of a stack has the ids of a
 * clone's stack, `KeysTable` and so on, so that a clone can move to the package and keep its tables.
 */
export class FixedIds {
  private readonly prefix: string;

  constructor(service: Construct) {
    const path = pathInStack(service)
      .join('')
      .replaceAll(/[^A-Za-z0-9]/g, '');
    this.prefix = path === clonePath ? '' : path;
  }

  /** The logical id of this name. */
  of(name: string): string {
    return this.prefix + name;
  }

  /** Gives an element the logical id of this name. */
  give(element: CfnElement, name: string): void {
    element.overrideLogicalId(this.of(name));
  }
}

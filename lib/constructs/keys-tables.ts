import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  type ITable,
  type ITableV2,
  MultiRegionConsistency,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { partitionKey, sortKey, useExpiry } from '../../lambda/keys/repository/primary-keys';
import { acknowledge } from './acknowledge';
import type { FixedIds } from './fixed-ids';
import { tableIds } from './table-ids';

export interface KeysTablesProps {
  /** How many days back the table of keys can be restored to any second, 1 to 35. */
  readonly recoveryDays: number;
  /** Keep the table of keys when the stack is deleted. */
  readonly retainData: boolean;
  /** Refuse to delete the table of keys. Not for a first deployment, whose rollback has to delete the empty table. */
  readonly deletionProtection: boolean;
  /** Two more Regions of the same set, or none. */
  readonly replicaRegions: readonly string[];
  /** The maximum write units per second of each table. Default: no maximum. */
  readonly maxWriteUnits?: { readonly keys?: number | undefined; readonly uses?: number | undefined } | undefined;
  readonly ids: FixedIds;
}

/** A table as a grant needs it. */
type GrantedTable = Pick<ITable, 'tableArn'>;

const primaryKey = {
  partitionKey: { name: partitionKey, type: AttributeType.STRING },
  sortKey: { name: sortKey, type: AttributeType.STRING },
};

/**
 * The table of keys, and the table of their uses. Uses are written with almost every request and can be lost. Code that
 * only verifies keys writes uses only, so it cannot change a key.
 */
export class KeysTables extends Construct {
  /** It has a stream. */
  readonly keys: TableV2;
  readonly uses: ITableV2;

  constructor(scope: Construct, id: string, props: KeysTablesProps) {
    super(scope, id);
    this.keys = this.createKeysTable(props);
    this.uses = this.createUsesTable(props);
  }

  private createKeysTable(props: KeysTablesProps): TableV2 {
    const { recoveryDays, retainData, deletionProtection, replicaRegions, maxWriteUnits } = props;
    const table = new TableV2(this, 'Table', {
      ...primaryKey,
      billing: onDemand(maxWriteUnits?.keys),
      // The key that AWS owns costs nothing per call; of a secret the table holds only a digest.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: recoveryDays,
      },
      deletionProtection,
      removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
      // Adding it later would replace nothing, but a reader of changes could not tell what happened before.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      // With eventually consistent replicas a change in one Region could undo a revocation in another: docs/scaling.md
      ...(replicaRegions.length > 0 && {
        replicas: replicaRegions.map((region) => ({ region })),
        multiRegionConsistency: MultiRegionConsistency.STRONG,
      }),
    });
    return withLogicalId(table, props.ids, tableIds.keys);
  }

  private createUsesTable({ replicaRegions, maxWriteUnits, ids }: KeysTablesProps): TableV2 {
    const table = new TableV2(this, 'Uses', {
      ...primaryKey,
      billing: onDemand(maxWriteUnits?.uses),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      timeToLiveAttribute: useExpiry,
      removalPolicy: RemovalPolicy.DESTROY,
      // Each Region writes an item of its own, so the last write of an item never comes from two Regions.
      ...(replicaRegions.length > 0 && { replicas: replicaRegions.map((region) => ({ region })) }),
    });
    acknowledge(table, {
      id: 'AwsSolutions-DDB3',
      reason: 'Uses can be lost: a key then counts as not used yet.',
    });
    return withLogicalId(table, ids, tableIds.uses);
  }

  /** Lets the grantee create, read, change and list keys. It may not scan the tables. */
  grantManage(grantee: IGrantable): void {
    const { keys, uses } = this;
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    grant(grantee, keys, actions);
    grant(grantee, uses, ['BatchGetItem']);
    grantVerify(grantee, { keys, uses });
  }

  /** Lets the grantee read all keys, change and remove them, and remove uses. */
  grantMaintain(grantee: IGrantable): void {
    grant(grantee, this.keys, ['Scan', 'GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem']);
    grant(grantee, this.uses, ['BatchGetItem', 'DeleteItem']);
  }
}

const onDemand = (maxWriteRequestUnits: number | undefined) =>
  Billing.onDemand(maxWriteRequestUnits === undefined ? {} : { maxWriteRequestUnits });

/** Lets the grantee verify keys: read keys and count uses. It cannot create, change or revoke a key. */
export function grantVerify(
  grantee: IGrantable,
  { keys, uses }: { readonly keys: GrantedTable; readonly uses: GrantedTable },
): void {
  grant(grantee, keys, ['GetItem']);
  grant(grantee, uses, ['GetItem', 'UpdateItem']);
}

function grant(grantee: IGrantable, { tableArn }: GrantedTable, operations: readonly string[]): void {
  const actions = operations.map((operation) => `dynamodb:${operation}`);
  Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn] });
}

function withLogicalId(table: TableV2, ids: FixedIds, name: string): TableV2 {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) throw new Error('TableV2 is a CfnGlobalTable');
  ids.give(resource, name);
  return table;
}

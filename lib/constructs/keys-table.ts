import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  MultiRegionConsistency,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface KeysTableProps {
  /** How far back the table can be restored to any second, in days, 1 to 35. */
  readonly recoveryDays: number;
  /** Keep the table when the stack goes, and refuse to delete it. */
  readonly retainData: boolean;
  /** Two more Regions of the same set, or none. */
  readonly replicaRegions: readonly string[];
  /** Another table of the same shape to serve from, a restored one. */
  readonly restoredTableName?: string;
}

/** The index of keys by their owner. */
export const activeKeysByUser = 'ActiveKeysByUser';

/** One item an API key, active or revoked. The index holds the active ones, without the digest. */
export class KeysTable extends Construct {
  /** What the service works on: the stack's own table, or the restored one. */
  readonly table: ITableV2;

  constructor(scope: Construct, id: string, props: KeysTableProps) {
    super(scope, id);
    const own = this.createTable(props);
    this.table = props.restoredTableName
      ? TableV2.fromTableName(this, 'Restored', props.restoredTableName)
      : own;
  }

  private createTable(props: KeysTableProps): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // The key that AWS owns costs nothing a call; what the table holds of a secret is its digest.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: props.recoveryDays,
      },
      deletionProtection: props.retainData,
      removalPolicy: props.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // Eventually consistent replicas would let a use in one Region, which writes the item, undo a revocation that
      // another has made at the same moment: the last write of an item wins. docs/scaling.md
      ...(props.replicaRegions.length > 0 && {
        replicas: props.replicaRegions.map((region) => ({ region })),
        multiRegionConsistency: MultiRegionConsistency.STRONG,
      }),
      globalSecondaryIndexes: [
        {
          indexName: activeKeysByUser,
          // Only an active key has this attribute (and a revoked one that Clerk has not heard of yet), so a list
          // reads what it returns and nothing else.
          partitionKey: { name: 'activeUserId', type: AttributeType.STRING },
          sortKey: { name: 'createdAt', type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['clerkUserId', 'clerkKeyId', 'name', 'lastUsedAt', 'revokedAt'],
        },
      ],
    });
  }

  /** Lets the grantee create, read, change and list records; nobody may delete one or scan them. */
  grantManage(grantee: IGrantable): void {
    const { tableArn } = this.table;
    const grant = (actions: string[], arn: string) =>
      Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
    grant(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'], tableArn);
    grant(['dynamodb:Query'], `${tableArn}/index/${activeKeysByUser}`);
  }
}

import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { expiresAtAttribute, tableDefinition } from '#contract/table.ts';
import { allow, allowKey } from './grants.ts';

export interface StorageProps {
  /** @default a key of DynamoDB's own */
  readonly encryptionKey?: IKey | undefined;
}

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];

/** The one table, of the shape that `contract/table.ts` defines. */
export class Storage extends Construct {
  readonly table: TableV2;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryptionKey }: StorageProps) {
    super(scope, id);
    this.#key = encryptionKey;
    this.table = new TableV2(this, 'Messages', {
      ...keysOf(tableDefinition.KeySchema),
      globalSecondaryIndexes: tableDefinition.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
        indexName: IndexName,
        ...keysOf(KeySchema),
        projectionType: ProjectionType[Projection.ProjectionType],
      })),
      billing: Billing.onDemand(),
      timeToLiveAttribute: expiresAtAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryptionKey && { encryption: TableEncryptionV2.customerManagedKey(encryptionKey) }),
    });
  }

  /** Read single items and partitions. */
  grantRead(grantee: IGrantable): Grant {
    allowKey(this.#key, grantee, ['kms:Decrypt']);
    return allow(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], [this.table.tableArn]);
  }

  /** Read, and add and change items. Nothing of ours deletes: rows expire. */
  grantReadWrite(grantee: IGrantable): Grant {
    this.grantRead(grantee);
    return allow(grantee, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], [this.table.tableArn]);
  }

  /** Find what fell due. */
  grantQueryIndexes(grantee: IGrantable): Grant {
    const indexes = tableDefinition.GlobalSecondaryIndexes.map(
      ({ IndexName }) => `${this.table.tableArn}/index/${IndexName}`,
    );
    return allow(grantee, ['dynamodb:Query'], indexes);
  }
}

function keysOf(schema: KeySchema): Pick<TablePropsV2, 'partitionKey'> & Pick<TablePropsV2, 'sortKey'> {
  const attribute = (type: 'HASH' | 'RANGE') => {
    const name = schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const definition = tableDefinition.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    if (definition === undefined) throw new Error(`the table's definition has no ${type} key`);
    const types = { S: AttributeType.STRING, N: AttributeType.NUMBER };
    return { name: definition.AttributeName, type: types[definition.AttributeType] };
  };
  return { partitionKey: attribute('HASH'), sortKey: attribute('RANGE') };
}

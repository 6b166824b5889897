import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  type SchemaOptions,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { expiresAtAttribute, tableDefinition } from '#contract/table.ts';
import { acknowledge } from './acknowledged.ts';
import { allow, allowKey } from './grants.ts';

export interface StorageProps {
  /** @default a key of DynamoDB's own */
  readonly encryptionKey?: IKey | undefined;
}

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];

/** The one table, of the shape that `contract/table.ts` defines. */
export class Storage extends Construct {
  readonly table: Table;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryptionKey }: StorageProps) {
    super(scope, id);
    this.#key = encryptionKey;
    // Not TableV2: that takes a key of the user's only in a stack with a fixed region.
    this.table = new Table(this, 'Messages', {
      ...keysOf(tableDefinition.KeySchema),
      billingMode: BillingMode[tableDefinition.BillingMode],
      timeToLiveAttribute: expiresAtAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
    });
    acknowledge(this.table, 'table');
    for (const { IndexName, KeySchema, Projection } of tableDefinition.GlobalSecondaryIndexes) {
      this.table.addGlobalSecondaryIndex({
        indexName: IndexName,
        ...keysOf(KeySchema),
        projectionType: ProjectionType[Projection.ProjectionType],
      });
    }
  }

  /** Read partitions. */
  grantRead(grantee: IGrantable): Grant {
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html: on behalf of the caller
    allowKey(this.#key, grantee, ['kms:Decrypt', 'kms:DescribeKey']);
    return allow(grantee, ['dynamodb:Query'], [this.table.tableArn]);
  }

  /** Read, and add and change items. Nothing of ours deletes: rows expire. */
  grantReadWrite(grantee: IGrantable): Grant {
    this.grantRead(grantee);
    this.grantAdd(grantee);
    return allow(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [this.table.tableArn]);
  }

  /** Write items whose key is free. */
  grantAdd(grantee: IGrantable): Grant {
    const encrypt = ['Decrypt', 'DescribeKey', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey'];
    allowKey(
      this.#key,
      grantee,
      encrypt.map((action) => `kms:${action}`),
    );
    return allow(grantee, ['dynamodb:PutItem'], [this.table.tableArn]);
  }

  /** Find what fell due. */
  grantQueryIndexes(grantee: IGrantable): Grant {
    const indexes = tableDefinition.GlobalSecondaryIndexes.map(
      ({ IndexName }) => `${this.table.tableArn}/index/${IndexName}`,
    );
    return allow(grantee, ['dynamodb:Query'], indexes);
  }
}

function keysOf(schema: KeySchema): SchemaOptions {
  const attribute = (type: 'HASH' | 'RANGE') => {
    const name = schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const definition = tableDefinition.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    if (definition === undefined) throw new Error(`the table's definition has no ${type} key`);
    const types = { S: AttributeType.STRING, N: AttributeType.NUMBER };
    return { name: definition.AttributeName, type: types[definition.AttributeType] };
  };
  return { partitionKey: attribute('HASH'), sortKey: attribute('RANGE') };
}

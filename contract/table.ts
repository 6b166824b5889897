/**
 * The one table, as data: infra and `local` create it from `tableDefinition`, the Lambdas use its names.
 *
 *   pk                                 | sk             | item
 *   -----------------------------------+----------------+----------------------------------------------------------
 *   message#<id>                       | row            | the message and its status
 *   message#<id>                       | event#<fact>   | one fact of its history; due until completely handled
 *   receipt#<carrier>#<SMSC's id>      | join           | who was given that id, and the receipts that name it
 *   receipt#<carrier>#<id folded>      | folded         | who was given it in another case, or with other zeros
 *   receipt-without-id#<event>         | join           | a receipt that names no id
 *   unanswered#<hash of carrier and    | message#<id>   | a message of which a response may be lost
 *     recipient>                       | receipt#…      | the `pk` of a join whose id no response gave
 *   carrier#<name>                     | bind#<bindId>  | last state of one bind
 *   carrier#<name>                     | id-relation    | how its receipts write ids, as far as they have shown
 *   idempotency#<hash>                 | claim          | what a client's Idempotency-Key stands for
 *   assembly#<hash of addresses,       | assembly       | which parts of a received message came
 *     reference and total>             | part#<event>   | one of them
 *   inbound#<day>                      | <time>#<event> | a received message
 *
 * What waits for time has `dueShard` and `dueAt`, and is in the sparse index `due` until it is settled.
 */

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

export interface Due {
  /** `"0"` to `dueShards - 1`: spreads the index over partitions. */
  readonly dueShard: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

export const dueIndex = 'due';
export const dueShards = 8;

/** DynamoDB's TTL attribute, in seconds since the epoch. */
export const expiresAtAttribute = 'expiresAt';
export const retentionDays = 90;

/** The shape of CreateTable's input, without the table's name. */
export const tableDefinition = {
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'sk', AttributeType: 'S' as const },
    { AttributeName: 'dueShard', AttributeType: 'S' as const },
    { AttributeName: 'dueAt', AttributeType: 'N' as const },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: dueIndex,
      KeySchema: [
        { AttributeName: 'dueShard', KeyType: 'HASH' as const },
        { AttributeName: 'dueAt', KeyType: 'RANGE' as const },
      ],
      // The index is eventually consistent: whoever acts on an entry reads the item first.
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};

import { guardsOf } from '../guard';

const faults = 'test/lambda/faults.test.ts';
const list = 'test/lambda/api/keys/list.test.ts';
const store = ['test/lambda/services/key-store.test.ts'];
const whoami = 'test/lambda/api/keys/whoami.test.ts';

/** The table: what is written under which condition, and what an answer means. */
export const storing = guardsOf('lambda/services/key-store.ts', store, [
  {
    text: "ConditionExpression: 'attribute_not_exists(id)',",
    becomes: '',
    what: 'a record never takes another’s place',
    promise: 'The table',
  },
  {
    text: ', activeUserId: record.clerkUserId }',
    becomes: ' }',
    what: 'a new record is in its owner’s index',
    promise: 'I2',
    tests: [list],
  },
  {
    text: "await deadline.waitFor('dynamodb', this.client.send(command, { abortSignal }));",
    becomes: 'this.client.send(command, { abortSignal }).catch(() => {});',
    what: 'a write is waited for',
    promise: 'I1',
    tests: [faults],
    within: 'the table fails',
  },
  {
    text: 'throw certainlyRefused(error)',
    becomes: 'throw true',
    what: 'a write is taken for refused only when it certainly was',
    promise: 'I2',
  },
  {
    text: 'status >= 400 && status',
    becomes: 'status',
    what: 'no answer is no refusal',
    promise: 'I2',
  },
  {
    text: 'status < 500 && ',
    becomes: '',
    what: 'a 5xx is no refusal',
    promise: 'I2',
  },
  {
    text: '$metadata?.attempts === 1',
    becomes: 'true',
    what: 'after a retry nothing is sure',
    promise: 'I2',
    within: 'the table fails',
    tests: [faults],
  },
  {
    text: " && name !== 'ConditionalCheckFailedException'",
    becomes: '',
    what: 'a failed condition on a random id is no refusal',
    promise: 'I2',
  },
  {
    text: 'ConsistentRead: true,',
    becomes: '',
    what: 'a record is read as it is at this moment',
    promise: 'I1',
  },
  {
    text: '} while (next);',
    becomes: '} while (false);',
    what: 'a list goes on to the next page',
    promise: 'I2',
    tests: [list],
  },
  {
    text: 'ExclusiveStartKey: next,',
    becomes: '',
    what: 'the next page begins where the last one ended',
    promise: 'I2',
    tests: [list],
  },
  {
    text: 'ScanIndexForward: false,',
    becomes: '',
    what: 'the newest key comes first',
    promise: 'contract 4',
    tests: [list],
  },
  {
    text: 'ConditionExpression: change.condition,',
    becomes: '',
    what: 'a change is made under its condition only',
    promise: 'I4',
    tests: [whoami],
  },
  {
    text: 'if (error instanceof ConditionalCheckFailedException) return undefined;',
    becomes: '',
    what: 'a condition that fails is an answer, not an outage',
    promise: 'Verifying a key',
    tests: [whoami],
  },
  {
    text: 'return undefined;\n      throw new PartUnavailable',
    becomes: 'return undefined;\n      throw error; new PartUnavailable',
    what: 'an update without an answer is 503',
    promise: 'contract 6',
    tests: [whoami],
  },
  {
    text: "return await deadline.waitFor('dynamodb', call);",
    becomes: "return deadline.waitFor('dynamodb', call);",
    what: 'a read without an answer is 503',
    promise: 'contract 6',
  },
  {
    text: "await deadline.waitFor('dynamodb', this.client.send(command, { abortSignal }));",
    becomes: "await deadline.waitFor('dynamodb', this.client.send(command));",
    what: 'a write ends with the request’s time',
    promise: 'Making a key',
  },
  {
    text: '{ Item } = await this.answered(deadline, this.client.send(command, { abortSignal }));',
    becomes: '{ Item } = await this.answered(deadline, this.client.send(command));',
    what: 'a read ends with the request’s time',
    promise: 'Making a key',
  },
  {
    text: 'page = await this.answered(deadline, this.client.send(command, { abortSignal }));',
    becomes: 'page = await this.answered(deadline, this.client.send(command));',
    what: 'a query ends with the request’s time',
    promise: 'Making a key',
  },
  {
    text: 'new UpdateItemCommand(input), { abortSignal }',
    becomes: 'new UpdateItemCommand(input)',
    what: 'an update ends with the request’s time',
    promise: 'Making a key',
  },
  {
    text: 'const operationMs = 3_000;',
    becomes: 'const operationMs = 60_000;',
    what: 'an operation with its retries takes three seconds at most',
    promise: 'Making a key',
  },
]);

export const items = guardsOf('lambda/services/dynamodb-items.ts', store, [
  {
    text: '.filter(([, value]) => value !== undefined)',
    becomes: '',
    what: 'what is undefined is not stored',
    promise: 'The table',
  },
]);

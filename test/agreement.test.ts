import type { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KeyStore } from '../lambda/keys/repository/key-store';
import { Deadline } from '../lambda/shared/deadline';
import { apiEnvironment, parseEnvironment } from '../lambda/shared/env';
import { synthesize } from '../local/synthesize';
import { resolve, theResource } from '../local/template';

// `lib` and `lambda` never import each other; the names that both write are compared here.

describe.each(['local', 'dev', 'staging', 'prod'])('in the stage %s, lib and lambda agree', (stage) => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const { template, remove } = synthesize(stage, { bundle: false });
  remove();
  const { Properties: lambda } = theResource(template, 'AWS::Lambda::Function');
  const { Properties: table } = theResource(template, 'AWS::DynamoDB::GlobalTable');
  const environment = resolve(template, lambda.Environment.Variables) as Record<string, string>;

  it('on the environment: all that the function reads is set, and nothing that it does not read', () => {
    expect(parseEnvironment(apiEnvironment, environment)).toMatchObject({
      STAGE: stage,
      KEY_PREFIX: 'sk_satori',
    });
    const read = new Set(Object.keys(apiEnvironment.shape));
    expect(Object.keys(environment).filter((name) => !read.has(name))).toEqual([]);
  });

  it('on the table: a new record has every key attribute of table and index', async () => {
    let item: Record<string, unknown> = {};
    const send = async (command: PutItemCommand) => {
      item = command.input.Item ?? {};
    };
    const store = new KeyStore({ send } as unknown as DynamoDBClient, 'table');
    const record = {
      id: 'id',
      clerkUserId: 'user',
      clerkKeyId: 'ak',
      name: 'name',
      secretDigest: 'digest',
      createdAt: 'now',
    };
    await store.create(record, Deadline.in(1000));
    const [index] = table.GlobalSecondaryIndexes;
    const schemas: { AttributeName: string }[] = [...table.KeySchema, ...index.KeySchema];
    const keyAttributes = schemas.map(({ AttributeName }) => AttributeName);
    expect(keyAttributes).toEqual(['id', 'activeUserId', 'createdAt']);
    expect(Object.keys(item)).toEqual(expect.arrayContaining(keyAttributes));
    expect(item).toMatchObject({ activeUserId: { S: 'user' } });
    // What a list shows is projected; two attributes come later, with the first use and the revocation.
    const listed: string[] = index.Projection.NonKeyAttributes;
    expect(Object.keys(item)).toEqual(
      expect.arrayContaining(listed.filter((name) => !['lastUsedAt', 'revokedAt'].includes(name))),
    );
    expect(listed).not.toContain('secretDigest');
  });
});

it('names what is missing from the environment, and no value', () => {
  expect(() => parseEnvironment(apiEnvironment, { STAGE: 'dev', KEY_PREFIX: 'sk satori!' })).toThrow(
    new Error(
      'Environment variables missing or wrong: TABLE_NAME, KEY_PREFIX, KEY_REQUESTS_PER_MINUTE, CLERK_SECRET_ID, CLERK_INSTANCE, CLERK_ISSUER, CLERK_AUTHORIZED_PARTIES',
    ),
  );
});

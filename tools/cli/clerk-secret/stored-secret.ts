import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  ResourceNotFoundException,
  type SecretListEntry,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../aws-client';
import { CommandError } from '../command-error';
import type { DeployedStage } from '../stage-argument';

/** The stage's secret in Secrets Manager. Every method throws CommandError when a call to AWS fails. */
export class StoredSecret {
  private constructor(
    private readonly client: SecretsManagerClient,
    readonly arn: string,
  ) {}

  /**
   * Finds the secret by the name in the stage's configuration, or by the stack's tags.
   * @param endpoint of an emulator. Default: AWS.
   */
  static async of(deployed: DeployedStage, endpoint?: string): Promise<StoredSecret> {
    const client = new SecretsManagerClient(awsClient(deployed.region, endpoint));
    const { clerkSecretName } = deployed.stage;
    const arn = await answered(
      clerkSecretName === undefined ? arnByTags(client, deployed.name) : arnByName(client, clerkSecretName),
    );
    return new StoredSecret(client, arn);
  }

  /** The stored value; undefined if there is none. */
  async read(): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: this.arn });
    const missing = (error: unknown) => {
      if (error instanceof ResourceNotFoundException) return { SecretString: undefined };
      throw error;
    };
    return (await answered(this.client.send(command).catch(missing))).SecretString;
  }

  /** @returns the id of the new version. */
  async put(value: string): Promise<string> {
    const command = new PutSecretValueCommand({ SecretId: this.arn, SecretString: value });
    return (await answered(this.client.send(command))).VersionId ?? '';
  }
}

async function arnByName(client: SecretsManagerClient, name: string): Promise<string> {
  return (await client.send(new DescribeSecretCommand({ SecretId: name }))).ARN ?? '';
}

async function arnByTags(client: SecretsManagerClient, stageName: string): Promise<string> {
  const tags = { service: 'satori-keys', stage: stageName };
  const Filters = [
    { Key: 'tag-key' as const, Values: ['service'] },
    { Key: 'tag-value' as const, Values: [tags.service] },
  ];
  const ours: SecretListEntry[] = [];
  // Secrets Manager filters after it has read a page, so any page but the last can be empty.
  for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters, MaxResults: 100 })) {
    const hasTags = ({ Tags = [] }: SecretListEntry) =>
      Object.entries(tags).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value));
    ours.push(...SecretList.filter(hasTags));
  }
  const [secret, ...more] = ours;
  if (!secret?.ARN) {
    throw new CommandError(
      `The stage ${stageName} has no secret in this account and Region. Deploy it first: npx cdk deploy -c stage=${stageName}`,
    );
  }
  if (more.length > 0) {
    throw new CommandError(
      `Several secrets have the tags of the stage ${stageName}: ${ours.map(({ Name }) => Name).join(', ')}. Set clerkSecretName in stages.config.ts.`,
    );
  }
  return secret.ARN;
}

async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { name } = error as Error;
    const next = /Credentials|Token|Region/.test(name) ? ': sign in to AWS, with a Region, as for cdk deploy' : '';
    throw new CommandError(`The call to Secrets Manager failed (${name})${next}. Nothing was stored.`);
  }
}

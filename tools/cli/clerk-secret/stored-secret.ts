import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../aws-client';
import { CommandError } from '../command-error';
import type { DeployedStage } from '../stage-argument';

/** The stage's secret in Secrets Manager. Every method throws CommandError when a call to AWS fails. */
export class StoredSecret {
  private constructor(
    private readonly client: SecretsManagerClient,
    /** The name or ARN. */
    readonly id: string,
  ) {}

  /** Finds the secret by the name in the stage's configuration, or by the stack's tags. */
  static async of({ name, stage, region }: DeployedStage): Promise<StoredSecret> {
    const client = new SecretsManagerClient({ ...awsClient, ...region });
    if (stage.clerkSecretName) return new StoredSecret(client, stage.clerkSecretName);
    const tags = { service: 'satori-keys', stage: name };
    const found = await answered(
      client.send(
        new ListSecretsCommand({
          Filters: [
            { Key: 'tag-key', Values: ['service'] },
            { Key: 'tag-value', Values: [tags.service] },
          ],
          MaxResults: 100,
        }),
      ),
    );
    const ours = (found.SecretList ?? []).filter(({ Tags = [] }) =>
      Object.entries(tags).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value)),
    );
    const [secret, ...more] = ours;
    if (!secret?.ARN) {
      throw new CommandError(
        `The stage ${name} has no secret in this account and Region. Deploy it first: npx cdk deploy -c stage=${name}`,
      );
    }
    if (more.length > 0) {
      throw new CommandError(
        `Several secrets have the tags of the stage ${name}: ${ours.map(({ Name }) => Name).join(', ')}. Set clerkSecretName in lib/stages.ts.`,
      );
    }
    return new StoredSecret(client, secret.ARN);
  }

  /** The stored value; undefined if there is none. */
  async read(): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: this.id });
    const missing = (error: unknown) => {
      if (error instanceof ResourceNotFoundException) return { SecretString: undefined };
      throw error;
    };
    return (await answered(this.client.send(command).catch(missing))).SecretString;
  }

  /** @returns the id of the new version. */
  async put(value: string): Promise<string> {
    const command = new PutSecretValueCommand({ SecretId: this.id, SecretString: value });
    return (await answered(this.client.send(command))).VersionId ?? '';
  }
}

async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { name } = error as Error;
    const next = /Credentials|Token|Region/.test(name) ? ': sign in to AWS, with a Region, as for cdk deploy' : '';
    throw new CommandError(`The call to Secrets Manager failed (${name})${next}. Nothing was stored.`);
  }
}

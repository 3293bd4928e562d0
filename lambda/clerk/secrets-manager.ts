import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws-clients';

// Loaded with the first secret that is read: a request with an API key needs none.

/** Secrets Manager, as far as it is read here. */
export class SecretsManager {
  private readonly client: SecretsManagerClient;

  /** Region and endpoint are the environment's and AWS's own, if none are given. */
  constructor({ region, endpoint }: { region?: string | undefined; endpoint?: string | undefined }) {
    this.client = new SecretsManagerClient({ ...awsClientOptions(endpoint), ...(region && { region }) });
  }

  /**
   * The text of a secret's current version; undefined for one that holds bytes.
   * @throws what the SDK does.
   */
  async textOf(secretId: string, abortSignal: AbortSignal): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    return (await this.client.send(command, { abortSignal })).SecretString;
  }
}

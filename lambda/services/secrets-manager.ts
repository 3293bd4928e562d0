import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsTimeouts } from '../shared/aws-timeouts';

// Loaded with the first secret that is read: a request with an API key needs none.

/** Secrets Manager, as far as it is read here. */
export class SecretsManager {
  private readonly client: SecretsManagerClient;

  /** @param region the one of the environment, if none is given. */
  constructor(region?: string) {
    this.client = new SecretsManagerClient({ ...awsTimeouts, ...(region && { region }) });
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

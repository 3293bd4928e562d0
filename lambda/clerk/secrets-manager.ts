import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws-clients';

// Loaded with the first read of the secret, because requests with an API key do not need it.

/** Reads from Secrets Manager. */
export class SecretsManager {
  private readonly client: SecretsManagerClient;

  /** Defaults: the Region of the environment, and AWS's endpoint. */
  constructor({ region, endpoint }: { region?: string | undefined; endpoint?: string | undefined }) {
    this.client = new SecretsManagerClient({ ...awsClientOptions(endpoint), ...(region && { region }) });
  }

  /**
   * The current value of a secret; undefined if the value is binary.
   * @throws the errors of the SDK.
   */
  async readString(secretId: string, abortSignal: AbortSignal): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    return (await this.client.send(command, { abortSignal })).SecretString;
  }
}

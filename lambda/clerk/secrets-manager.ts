import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws-clients';
import type { Metrics } from '../shared/metrics';

// Loaded with the first read of the secret, because requests with an API key do not need it.

/** How long a version counts as new, in ms. A function that starts after the change has no other version to compare. */
const newMs = 60 * 60_000;

/** Reads from Secrets Manager. */
export class SecretsManager {
  private readonly client: SecretsManagerClient;
  private lastVersion: string | undefined;

  /** Defaults: the Region of the environment, and AWS's endpoint. */
  constructor(
    { region, endpoint }: { region?: string | undefined; endpoint?: string | undefined },
    private readonly metrics: Metrics,
  ) {
    this.client = new SecretsManagerClient({ ...awsClientOptions(endpoint), ...(region && { region }) });
  }

  /**
   * The current value of a secret; undefined if the value is binary. Counts `ClerkSecretChanged` for a new version.
   * @throws the errors of the SDK.
   */
  async readString(secretId: string, abortSignal: AbortSignal): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString, VersionId, CreatedDate } = await this.client.send(command, { abortSignal });
    if (this.isNew(VersionId, CreatedDate)) this.metrics.count('ClerkSecretChanged');
    this.lastVersion = VersionId;
    return SecretString;
  }

  /** @param createdAt when this version was stored. */
  private isNew(version: string | undefined, createdAt: Date | undefined): boolean {
    if (this.lastVersion !== undefined && this.lastVersion !== version) return true;
    return createdAt !== undefined && Date.now() - createdAt.getTime() < newMs;
  }
}

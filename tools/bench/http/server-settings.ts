import type { StandInCredentials } from '../../../local/access';

/** The settings of both servers. */
export interface ServerSettings {
  readonly secret: { readonly secretKey: string; readonly jwtKey: string };
  /** Variables of a function's environment: endpoints, credentials and limits. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tableName: string;
  readonly usesTableName: string;
  /** Of the table server. */
  readonly credentials: StandInCredentials;
}

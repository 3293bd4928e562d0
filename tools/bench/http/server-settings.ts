/** What both servers are told: where the parts are, what Clerk's keys are. */
export interface ServerSettings {
  readonly secret: { readonly secretKey: string; readonly jwtKey: string };
  /** As a function's environment has them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tableName: string;
}

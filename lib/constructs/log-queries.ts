import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface LogQueriesProps {
  /** The folder of the queries in Logs Insights. */
  readonly prefix: string;
  readonly logGroup: ILogGroup;
}

const requests = "message = 'request'";

/** Queries for on-call engineers, by name. Replace values in capitals before you run a query. */
const queries: Record<string, ConstructorParameters<typeof QueryString>[0]> = {
  'Failures by kind': {
    filterStatements: ["message in ['request.failed', 'request.refused']"],
    statsStatements: ['count(*) as requests, max(@timestamp) as last by level, error, reason, dependency'],
    sort: 'requests desc',
  },
  'One request': {
    fields: ['@timestamp', 'level', 'message', '@message'],
    filterStatements: ["requestId = 'REQUEST_ID'"],
    sort: '@timestamp asc',
  },
  'What a user did': {
    fields: ['@timestamp', 'message', 'procedure', 'outcome', 'keyId', 'requestId'],
    filterStatements: ["sessionUserId = 'USER_ID' or keyOwnerId = 'USER_ID' or clerkUserId = 'USER_ID'"],
    sort: '@timestamp desc',
  },
  'Where the time goes': {
    filterStatements: [requests],
    statsStatements: [
      'count(*) as requests, pct(durationMs, 50) as p50, pct(durationMs, 99) as p99, avg(clerkMs) as clerk, avg(dynamodbMs) as dynamodb, avg(secretsManagerMs) as secret by procedure',
    ],
  },
  'Slowest requests': {
    fields: ['@timestamp', 'procedure', 'outcome', 'durationMs', 'clerkMs', 'dynamodbMs', 'requestId'],
    filterStatements: [requests],
    sort: 'durationMs desc',
    limit: 50,
  },
  'Denied keys by reason': {
    filterStatements: ["error in ['KeyRefused', 'KeyLimited']"],
    statsStatements: ['count(*) as requests by bin(5m), error, reason'],
  },
  'Pending in Clerk': {
    fields: ['@timestamp', 'message', 'keyId', 'clerkKeyId', 'error', 'reason'],
    filterStatements: ["message in ['key.not-stored', 'clerk.revocation-pending', 'clerk.orphan-revoked']"],
    sort: '@timestamp desc',
  },
};

/** Saved CloudWatch Logs Insights queries for the function's log. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { prefix, logGroup }: LogQueriesProps) {
    super(scope, id);
    for (const [name, query] of Object.entries(queries)) {
      new QueryDefinition(this, name.replaceAll(' ', ''), {
        queryDefinitionName: `${prefix}/${name}`,
        queryString: new QueryString(query),
        logGroups: [logGroup],
      });
    }
  }
}

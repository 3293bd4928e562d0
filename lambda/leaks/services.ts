import type { KeyRevoker } from '../keys/revoker';
import type { Metrics } from '../shared/metrics';
import { ExposedKeys } from './exposed-keys';
import { GitHubKeys } from './github-keys';
import { GitHubReports } from './github-reports';

// Loaded with the first report, because most functions never receive one.

/** The services that handle reports of leaked keys. */
export type LeakServices = ReturnType<typeof createLeakServices>;

/** @param githubKeysUrl of a stand-in. Default: GitHub's own. */
export const createLeakServices = (revoker: KeyRevoker, metrics: Metrics, githubKeysUrl: string | undefined) => ({
  reports: new GitHubReports(new GitHubKeys(githubKeysUrl)),
  exposed: new ExposedKeys(revoker, metrics),
});

import { spawnSync } from 'node:child_process';
import served from '../../lambda/http/openapi.json';
import { appRouter } from '../../lambda/http/router';
import { openapiDocument } from '../../tools/openapi/document';
import { apiForTests } from '../support/api-harness';
import { httpApiEvent } from '../support/http-api-events';

const api = apiForTests();
const get = (path: string) => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: `GET ${path}`, rawPath: path });

const document = openapiDocument();
const operations: { operationId: string; security: object[] }[] = Object.values(document.paths).flatMap((path) =>
  Object.values(path),
);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and the validator rejects a malformed one', () => {
    // The validator is an ES module, which Jest cannot load.
    const script = `import { Validator } from '@seriousme/openapi-schema-validator';
      import { json } from 'node:stream/consumers';
      for (const document of await json(process.stdin)) console.log((await new Validator().validate(document)).valid);`;
    const input = JSON.stringify([document, { ...document, paths: { '/x': { get: { responses: 7 } } } }]);
    const { stdout } = spawnSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8', input });
    expect(stdout).toBe('true\nfalse\n');
  });

  it('equals the answer of GET /openapi.json, which npm run openapi writes', async () => {
    expect(served).toEqual(document);
    expect((await get('/openapi.json')).json).toEqual(document);
  });

  it('contains every procedure of the router, each with its security', () => {
    const procedures = Object.keys(appRouter._def.procedures);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual([...procedures, 'health'].sort());
    const security = Object.fromEntries(operations.map((operation) => [operation.operationId, operation.security]));
    const session = [{ session: [] }];
    const key = [{ apiKey: [] }, { bearerApiKey: [] }];
    expect(security).toEqual({
      'keys.create': session,
      'keys.list': session,
      'keys.get': session,
      'keys.update': session,
      'keys.rotate': session,
      'keys.revoke': session,
      'keys.usage': session,
      'keys.whoami': key,
      'keys.revokeSelf': key,
      health: [],
    });
  });
});

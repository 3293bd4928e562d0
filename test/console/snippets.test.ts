import { snippetsFor } from '../../console/src/text/snippets';
import { type LocalProcess, paste, startLocalProcess } from '../support/local-process';

let local: LocalProcess;
beforeAll(async () => {
  local = await startLocalProcess();
}, 60_000);
afterAll(() => local.stop());

it('provides a curl command that works when pasted', async () => {
  const response = await local.create({ name: `Key ${Math.random()}` }, await local.token());
  const { id, name, secret } = await response.json();
  const { status, text } = await paste(snippetsFor(local.url, secret).curl);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ id, name, clerkUserId: 'user_2kLocalDeveloper00000000001' });
});

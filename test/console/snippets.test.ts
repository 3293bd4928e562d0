import { snippetsFor } from '../../console/src/text/snippets';
import { type LocalProcess, paste, startLocalProcess } from '../support/local-process';

let local: LocalProcess;
beforeAll(async () => {
  local = await startLocalProcess();
}, 60_000);
afterAll(() => local.stop());

const createdKey = async () =>
  (await local.create({ name: `Key ${Math.random()}` }, await local.token())).json();

it('gives a curl that is answered when pasted', async () => {
  const { id, name, secret } = await createdKey();
  const { status, text } = await paste(snippetsFor(local.url, secret).curl);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ id, name, clerkUserId: 'user_2kLocalDeveloper00000000001' });
});

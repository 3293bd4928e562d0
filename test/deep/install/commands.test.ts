import { blockOf, inlineCommand } from '../../support/documents';
import { App } from './support/app';

// The commands in an app that has nothing but the archive.

let app: App;
beforeAll(() => {
  app = new App([]);
});
afterAll(() => app.remove());

it('--help lists the commands', () => {
  const [program = '', ...words] = inlineCommand('docs/installing.md', 'npx satori-keys --help').split(' ');
  const help = app.run(program, ...words);
  for (const command of ['clerk-secret', 'smoke', 'keys', 'leak-patterns', 'restore'])
    expect(help).toContain(`  ${command} `);
});

it('each command of docs/installing.md exists, and without options says which it needs', () => {
  const { text } = blockOf('docs/installing.md', 'npx cdk deploy\n');
  const names = [...text.matchAll(/npx satori-keys ([\w-]+)/g)].map(([, name = '']) => name);
  expect(names).toEqual(['clerk-secret', 'smoke']);
  for (const name of names) {
    const { status, printed } = app.try('npx', 'satori-keys', name);
    expect(status).not.toBe(0);
    expect(printed).toContain(`npx satori-keys ${name} --`);
  }
});

it('an unknown command is an error', () => {
  expect(app.try('npx', 'satori-keys', 'deploy')).toMatchObject({
    status: 2,
    printed: expect.stringContaining('There is no command "deploy".'),
  });
});

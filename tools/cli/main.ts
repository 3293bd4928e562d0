import { showInstalledNames } from './invocation';

// The command `satori-keys` of the package. Each command reads the arguments that follow its name.

const commands: Readonly<Record<string, { readonly does: string; readonly run: () => Promise<unknown> }>> = {
  'clerk-secret': { does: "checks Clerk's keys and stores them in the secret", run: () => import('./clerk-secret') },
  smoke: { does: 'creates, uses and revokes a key on a deployed service', run: () => import('./smoke') },
  keys: { does: 'lists, shows and revokes keys as an operator', run: () => import('./keys') },
  'leak-patterns': { does: 'prints the patterns with which scanners find keys', run: () => import('./leak-patterns') },
  restore: { does: 'merges a restored table of keys into the own one', run: () => import('./restore') },
};

const width = Math.max(...Object.keys(commands).map((name) => name.length));
const usage = `Usage: npx satori-keys COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`)
  .join('\n')}

A command without its options prints them.`;

const [, , name] = process.argv;
const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) {
  process.argv.splice(2, 1);
  showInstalledNames();
  await command.run();
} else if (name === undefined || ['--help', '-h', 'help'].includes(name)) {
  console.log(usage);
} else {
  console.error(`There is no command ${JSON.stringify(name).slice(0, 60)}.\n\n${usage}`);
  process.exitCode = 2;
}

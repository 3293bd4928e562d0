let installed = false;

/** From now on, usage texts show the command of the installed package instead of the script of a clone. */
export function showInstalledNames(): void {
  installed = true;
}

/** How a person starts a command, such as `npm run smoke --`. Its options follow. */
export const invocation = (command: string): string =>
  installed ? `npx satori-keys ${command}` : `npm run ${command} --`;

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/bundle';
import { manifestOf } from './modules';

/**
 * A document whose links work outside of the repository: links to files become links to the repository, and images are
 * loaded from it.
 * @param repository the URL of its page, without a slash at the end.
 */
export function withAbsoluteLinks(markdown: string, repository: string): string {
  const target = (kind: string, path: string) => `${repository}/${kind}/HEAD/${path}`;
  return markdown
    .replaceAll(/\]\((?!https?:|#)([^)\s]+)\)/g, (_all, path) => `](${target('blob', path)})`)
    .replaceAll(/\b(src|srcset)="(?!https?:)([^"]+)"/g, (_all, name, path) => `${name}="${target('raw', path)}"`);
}

/** The licences of the packages whose code is in the archive, each text once. */
export function licencesOf(folders: readonly string[]): string {
  const packages = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license } = manifestOf(folder);
    const text = licenceIn(join(projectRoot, folder));
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const texts = [...packages].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return `The compiled files contain code of these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The text of a package's licence; empty if the package has only its name. */
function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
}

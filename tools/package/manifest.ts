import { declarationFile } from './declarations';
import { type Entry, type Format, formats } from './modules';
import { peers } from './peers';

/** What package.json of the project has that goes into the archive. */
export interface ProjectManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly repository: { readonly type: string; readonly url: string };
  readonly keywords: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  /** The source of each exported module, by subpath. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The modules among the exports. The others are files. */
export const entriesOf = ({ exports }: ProjectManifest): Entry[] =>
  Object.entries(exports)
    .filter(([, source]) => source.endsWith('.ts'))
    .map(([subpath, source]) => ({ name: nameOf(subpath), source: source.slice(2) }));

/** The subpaths that are files, such as `./openapi.json`. package.json is written by {@link packedManifest}. */
export const filesOf = ({ exports }: ProjectManifest): string[] =>
  Object.keys(exports).filter((subpath) => !exports[subpath]?.endsWith('.ts') && subpath !== './package.json');

const nameOf = (subpath: string) => (subpath === '.' ? 'index' : subpath.slice(2));

/** The URL of the repository's page, without a slash at the end. */
export const repositoryPage = ({ repository }: ProjectManifest): string =>
  repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** package.json of the archive: an app that installs it installs nothing else with it. */
export function packedManifest(project: ProjectManifest): Record<string, unknown> {
  const { name, version, description, license, repository, keywords, engines, exports } = project;
  const modules = new Map(entriesOf(project).map((entry) => [entry.name, entry]));
  const conditions = (entry: Entry, format: Format) => ({
    types: `./${declarationFile(entry, format)}`,
    default: `./${format}/${entry.name}${formats[format].extension}`,
  });
  const packed = Object.keys(exports).map((subpath) => {
    const entry = modules.get(nameOf(subpath));
    return [
      subpath,
      entry ? { import: conditions(entry, 'esm'), require: conditions(entry, 'cjs') } : subpath,
    ] as const;
  });
  return {
    name,
    version,
    description,
    license,
    repository,
    homepage: `${repositoryPage(project)}#readme`,
    keywords,
    engines,
    // A style sheet is imported for its effect.
    sideEffects: filesOf(project).filter((subpath) => subpath.endsWith('.css')),
    exports: Object.fromEntries(packed),
    bin: { 'satori-keys': './commands/satori-keys.mjs' },
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((peer) => [peer, { optional: true }])),
  };
}

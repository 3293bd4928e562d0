import project from '../../package.json';
import { packedManifest, repositoryPage } from '../../tools/package/manifest';
import { withAbsoluteLinks } from '../../tools/package/texts';

// What npm run pack writes, without building it. test/deep/install installs the archive.

const packed = packedManifest(project);

it('npm publish in a clone fails; the archive is public', () => {
  expect(project.private).toBe(true);
  expect(packed).not.toHaveProperty('private');
});

it('nothing of the project’s scripts and settings is in the archive', () => {
  for (const field of ['scripts', 'devDependencies', 'overrides', 'allowScripts', 'imports', 'jest']) {
    expect(packed).not.toHaveProperty(field);
  }
});

it.each([
  ['[a](docs/a.md#b), [c](#c)', '[a](https://git.acme.test/keys/blob/HEAD/docs/a.md#b), [c](#c)'],
  ['[d](https://d.test)', '[d](https://d.test)'],
  ['<img src="docs/x.png">', '<img src="https://git.acme.test/keys/raw/HEAD/docs/x.png">'],
  ['<source srcset="docs/x.png">', '<source srcset="https://git.acme.test/keys/raw/HEAD/docs/x.png">'],
])('links work outside of the repository: %s', (markdown, expected) => {
  const page = repositoryPage({ ...project, repository: { type: 'git', url: 'git+https://git.acme.test/keys.git' } });
  expect(withAbsoluteLinks(markdown, page)).toBe(expected);
});

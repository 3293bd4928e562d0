import { withGenerated } from '../../tools/markdown';

it('replaces only what is between the markers of the command', () => {
  const document = 'Before\n<!-- npm run x -->\nold\n<!-- /npm run x -->\nAfter\n';
  expect(withGenerated(document, 'npm run x', 'new')).toBe(
    'Before\n<!-- npm run x -->\n\nnew\n\n<!-- /npm run x -->\nAfter\n',
  );
  expect(() => withGenerated('No markers', 'npm run x', 'new')).toThrow('lacks <!-- npm run x -->');
});

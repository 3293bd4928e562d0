import { synthesize } from '../../local/synthesize';

/** The variable that holds the template of the stage `local`, synthesized once for all test files. */
export const templateVariable = 'SATORI_KEYS_TEST_TEMPLATE';

export default function setUp(): void {
  // Who runs jest again and again, as npm run mutants does, synthesizes once.
  if (process.env[templateVariable] !== undefined) return;
  const { template, remove } = synthesize('local', { bundle: false });
  remove();
  process.env[templateVariable] = JSON.stringify(template);
}

import { synthesize } from '../../local/synthesize';

/** The variable that holds the template of the stage `local`, synthesized once for all test files. */
export const templateVariable = 'SATORI_KEYS_TEST_TEMPLATE';

export default function setUp(): void {
  const { template, remove } = synthesize('local', { bundle: false });
  remove();
  process.env[templateVariable] = JSON.stringify(template);
}

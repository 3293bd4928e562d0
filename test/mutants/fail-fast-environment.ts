import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** After the first failure of a file nothing of it runs any more: one is enough, and the rest may wait for timeouts. */
export default class FailFastEnvironment extends TestEnvironment {
  private failed = false;

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.failed = true;
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
  }
}

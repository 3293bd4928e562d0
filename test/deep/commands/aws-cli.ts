import { join } from 'node:path';
import { virtualEnvironment } from '../emulator/virtual-environment';

/** The AWS CLI of requirements.txt, as words of a shell. It needs no account to check a command. */
export function awsCli(): string {
  const programs = join(virtualEnvironment('awscli', join(__dirname, 'awscli')), 'bin');
  // A script of a virtual environment that was moved names a Python that does not exist.
  return `${join(programs, 'python')} -I ${join(programs, 'aws')}`;
}

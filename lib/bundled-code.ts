import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle, projectRoot, writeBundle } from './bundle';

/**
 * A function's bundle as a CDK asset, built during synthesis. It is not built if the context disables bundling
 * (`aws:cdk:bundling-stacks`). The asset hash is computed from the output, so unchanged code is not deployed again.
 * @param entry see {@link bundle}.
 */
export function bundledCode(entry: string): Code {
  return Code.fromAsset(dirname(join(projectRoot, entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle: (folder) => {
          writeBundle(bundle(entry), folder);
          return true;
        },
      },
      // CDK requires an image, but no container runs. The command distinguishes assets that have the same source folder.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
    },
  });
}

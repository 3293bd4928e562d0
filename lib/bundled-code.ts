import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle, projectRoot, writeBundle } from './bundle';

/**
 * A function's bundle as an asset, made at synthesis and left out where CDK's context says that bundling is. It is known
 * by what is in it, so code that comes out the same is not deployed again.
 * @param entry as {@link bundle} takes it.
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
      // CDK asks for one. No container is ever run, but it tells assets of the same folder apart by what it would run.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
    },
  });
}

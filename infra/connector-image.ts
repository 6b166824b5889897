import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, AssetStaging, DockerImage } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';

const connector = fileURLToPath(new URL('../connector/', import.meta.url));

/** The container of the connectors: its bundle is made by the synthesis, so that the image only copies it. */
export class ConnectorImage extends Construct {
  readonly image: ContainerImage;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const staged = new AssetStaging(this, 'Bundle', {
      sourcePath: connector,
      assetHashType: AssetHashType.OUTPUT,
      bundling: { image: DockerImage.fromRegistry('none'), local: { tryBundle } },
    });
    const asset = new DockerImageAsset(this, 'Image', {
      directory: staged.absoluteStagedPath,
      platform: Platform.LINUX_ARM64,
      displayName: 'connector',
      // The same bundle on a base that was patched since: `cdk deploy -c image=<anything new>`.
      extraHash: this.node.tryGetContext('image'),
    });
    this.image = ContainerImage.fromDockerImageAsset(asset);
  }
}

function tryBundle(directory: string): boolean {
  execFileSync(process.execPath, [join(connector, 'bundle.ts'), join(directory, 'connector.cjs')], {
    stdio: 'inherit',
  });
  copyFileSync(join(connector, 'Dockerfile'), join(directory, 'Dockerfile'));
  return true;
}

import { App, type AppProps } from 'aws-cdk-lib';
import { readConfig } from './config.ts';
import { GatewayStack } from './gateway-stack.ts';

/**
 * The app over the config: `gateway.config.json`, or the file that `-c config=FILE` names. Account and
 * region are those of the CLI's credentials. Throws `ConfigError` before anything is made.
 */
export function gatewayApp(props: AppProps = {}): App {
  // A wrong config must leave nothing behind, not even an assembly without stacks.
  const app = new App({ autoSynth: false, ...props });
  const config = readConfig(app.node.tryGetContext('config') ?? 'gateway.config.json');
  new GatewayStack(app, config.stackName, config);
  return app;
}

import { ConfigError } from './config.ts';
import { gatewayApp } from './gateway-app.ts';

/** What `cdk synth` and `cdk deploy` run. */
try {
  gatewayApp().synth();
} catch (cause) {
  if (!(cause instanceof ConfigError)) throw cause;
  console.error(cause.message);
  process.exitCode = 1;
}

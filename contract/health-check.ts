/** Where the connector tells its health, unless the variable `HEALTH_PORT` says otherwise. */
export const defaultHealthPort = 8_080;

/** How long a connector may take to answer, in ms: less than ECS gives the check. */
const timeoutMs = 3_000;

/**
 * The health check of the connector's container, for its task definition: exits 0 when the connector answers 200, else 1.
 * In Node, since the image has neither curl nor wget, and not by `fetch`, which takes twice as long (120 ms of a vCPU).
 */
export const healthCheckCommand = ['CMD', 'node', '-e', script()] as const;

function script(): string {
  const request = `{ host: '127.0.0.1', port: process.env.HEALTH_PORT || ${defaultHealthPort}, path: '/health' }`;
  return [
    `setTimeout(process.exit, ${timeoutMs}, 1);`,
    `require('http').get(${request}, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))`,
    `.on('error', () => process.exit(1));`,
  ].join('');
}

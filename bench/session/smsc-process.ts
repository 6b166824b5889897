import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSmsc } from './smsc.ts';

/** A process: tells its port, and of each connection what was served. Ends with its parent. */
const server = createSmsc((served) => process.send?.(served));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
await once(process, 'disconnect');
process.exit();

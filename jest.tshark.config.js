import base from './jest.config.js';

/** What goes over the wire, captured on loopback and decoded by tshark: it needs dumpcap, tshark and the right to capture. */
export default { ...base, testMatch: ['**/test/tshark/**/*.tshark.ts'], maxWorkers: 1, testTimeout: 60_000 };

// Preloaded into every Node process of a command: writes down each connection that it tries, and lets none be made.
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const net = require('node:net');

function refuse(what) {
  appendFileSync(process.env.RECORD_CALLS, `${what} by ${process.argv.slice(1).join(' ')}\n`);
  throw Object.assign(new Error(`${what} is not allowed here`), { code: 'ECONNREFUSED' });
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function recordConnect(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  // A pipe to a child process is no call.
  if (typeof options === 'object' && options !== null && options.path !== undefined) return connect.apply(this, args);
  return refuse(`a connection to ${JSON.stringify(options?.host ?? options)}`);
};
dns.lookup = (name) => refuse(`a look-up of ${name}`);

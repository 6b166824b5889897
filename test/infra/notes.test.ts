import { carrierProfile } from '#contract/carrier.ts';
import { notesOn, warningsOn } from '../../infra/notes.ts';
import { carrierOf } from '../support/config-file.ts';

function notes(...carriers: Parameters<typeof carrierOf>[0][]): readonly string[] {
  return notesOn(carriers.map((carrier) => carrierProfile.parse(carrierOf(carrier))));
}

const real = { hosts: [{ host: 'smpp.carrier.net' }], prefixes: ['44'] };

test('a config of which nothing is to be told has no notes', () => {
  expect(notes({ ...real, name: 'a' }, { ...real, name: 'b', prefixes: ['353', '1'] })).toEqual([]);
});

test('an example that was left in is told', () => {
  expect(notes({ ...real, name: 'a', hosts: [{ host: 'smpp.example.com' }, { host: 'my-example.com' }] })).toEqual([
    'carrier a: smpp.example.com is an example, no SMSC',
  ]);
});

test('hosts of a receiver are told like those of the carrier, and one that both have once', () => {
  const hosts = [{ host: 'smpp.example.com' }, { host: '2001:db8::1' }];
  const pair = { bindMode: 'transmitter-receiver', receiver: { hosts } };
  expect(notes({ ...real, name: 'a', hosts: [{ host: 'smpp.example.com', port: 2776 }], ...pair })).toEqual([
    'carrier a: smpp.example.com is an example, no SMSC',
    'carrier a: 2001:db8::1 is out of reach, for the network that is made has IPv4 only',
  ]);
});

test('a server that is not verified is warned of', () => {
  const carriers = [{ allowUnverifiedServer: true }, true, {}, false].map((tls, n) =>
    carrierProfile.parse(carrierOf({ ...real, name: `a${n}`, tls })),
  );
  expect(warningsOn(carriers)).toEqual([
    'carrier a0: "allowUnverifiedServer" lets whoever stands in between read the password and every message',
  ]);
});

test('a prefix that two carriers serve is told, for it may be a slip', () => {
  expect(notes({ ...real, name: 'a' }, { ...real, name: 'b', prefixes: ['353', '44'] })).toEqual([
    'carriers a and b both serve +44: each message goes to one that is bound',
  ]);
});

test('two carriers without prefixes are told', () => {
  expect(notes({ ...real, name: 'a', prefixes: [] }, { ...real, name: 'b', prefixes: [] })).toEqual([
    'carriers a and b both serve all numbers: each message goes to one that is bound',
  ]);
});

test('an IPv6 address is told, for the network that is made has none', () => {
  expect(notes({ ...real, name: 'a', hosts: [{ host: '2001:db8::1' }] })).toEqual([
    'carrier a: 2001:db8::1 is out of reach, for the network that is made has IPv4 only',
  ]);
});

test('a rate that the binds cannot share out evenly is told', () => {
  const shared = { ...real, name: 'a', binds: 4 };
  expect(notes({ ...shared, messagesPerSecond: 30 })).toEqual([
    'carrier a: each of 4 binds sends at most 7 a second, so 2 of "messagesPerSecond": 30 are not used',
  ]);
  expect(notes({ ...shared, messagesPerSecond: 28 })).toEqual([]);
});

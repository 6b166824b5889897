import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Stage } from '../../../../local/simulator/play/stage.ts';
import { Counters } from '../../../../local/simulator/sessions/counters.ts';
import { pduOctets } from '../../../../local/simulator/sessions/pdu-octets.ts';
import { type OctetSink, Wire } from '../../../../local/simulator/sessions/wire.ts';
import { Random } from '../../../fuzz/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** A socket that takes what is written when it is told to, and turns of the event loop that come when they are told to. */
class Sink implements OctetSink {
  writable = true;
  writableLength = 0;
  ended = false;
  readonly writes: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #turns: (() => void)[] = [];

  readonly later = (run: () => void) => void this.#turns.push(run);

  write(octets: Uint8Array, onWritten: () => void): boolean {
    this.writes.push(Buffer.from(octets));
    this.#waiting.push(onWritten);
    return true;
  }

  end(): void {
    this.ended = true;
  }

  turn(): void {
    for (const run of this.#turns.splice(0)) run();
  }

  written(): void {
    for (const run of this.#waiting.splice(0)) run();
  }

  /** Until nothing is left to do. */
  drain(): void {
    while (this.#turns.length + this.#waiting.length > 0) {
      this.turn();
      this.written();
    }
  }
}

function startWire(wireOptions: NonNullable<BehaviourChange['wire']> = {}) {
  const [sink, stage, clock, random] = [new Sink(), new Stage(), new FakeClock(), new Random(7)];
  const faults: string[] = [];
  const play = (wire: NonNullable<BehaviourChange['wire']>) => stage.play({ scenarios: [], change: { wire } });
  play(wireOptions);
  const wire = new Wire({
    socket: sink,
    stage,
    clock,
    random: () => random.uint32() / 0x1_0000_0000,
    counters: new Counters(),
    onStuck: ({ message }) => faults.push(message),
    later: sink.later,
  });
  return { sink, wire, clock, faults, play };
}

const [one, two, three] = [1, 2, 3].map((sequence) => pduOctets('enquire_link', { sequence })) as [
  Buffer,
  Buffer,
  Buffer,
];

test('what is written within one turn of the event loop goes out in one write', () => {
  const { sink, wire } = startWire();
  wire.write(one);
  wire.write(two);
  expect(sink.writes).toEqual([]);
  sink.turn();
  expect(sink.writes).toEqual([Buffer.concat([one, two])]);
});

test('while the socket takes its time, what comes waits and then goes out together', () => {
  const { sink, wire } = startWire();
  wire.write(one);
  sink.turn();
  wire.write(two);
  wire.write(three);
  sink.turn();
  expect(sink.writes).toEqual([one]);
  sink.drain();
  expect(sink.writes).toEqual([one, Buffer.concat([two, three])]);
});

test.each([1, 3, 16, 17])('pieces of %i octets are writes of their own, in order', (split) => {
  const { sink, wire } = startWire({ split });
  wire.write(one);
  wire.write(two);
  sink.drain();
  expect(Buffer.concat(sink.writes)).toEqual(Buffer.concat([one, two]));
  expect(sink.writes.every(({ length }) => length <= split)).toBe(true);
  expect(sink.writes).toHaveLength(2 * Math.ceil(16 / split));
});

test('pieces of random lengths are of many lengths, and lose nothing', () => {
  const { sink, wire } = startWire({ split: 'random' });
  const pdus = Array.from({ length: 50 }, (_, index) =>
    pduOctets('submit_sm_resp', { sequence: index, fields: { message_id: 'x'.repeat(100) } }),
  );
  for (const pdu of pdus) wire.write(pdu);
  sink.drain();
  expect(Buffer.concat(sink.writes)).toEqual(Buffer.concat(pdus));
  expect(new Set(sink.writes.map(({ length }) => length)).size).toBeGreaterThan(20);
});

test('a piece waits until the one before is with the kernel, and then for another turn', () => {
  const { sink, wire } = startWire({ split: 8 });
  wire.write(one);
  sink.turn();
  sink.turn();
  expect(sink.writes).toHaveLength(1);
  sink.written();
  expect(sink.writes).toHaveLength(1);
  sink.turn();
  expect(sink.writes).toHaveLength(2);
});

test('what is collected goes out in one write when the time is over', async () => {
  const { sink, wire, clock } = startWire({ togetherMs: 50 });
  wire.write(one);
  await clock.advance(49);
  wire.write(two);
  expect(sink.writes).toEqual([]);
  await clock.advance(1);
  expect(sink.writes).toEqual([Buffer.concat([one, two])]);
});

test('what is collected does not wait for a time that is played no more', () => {
  const { sink, wire, play, clock } = startWire({ togetherMs: 50_000 });
  wire.write(one);
  play({});
  wire.playChanged();
  sink.turn();
  expect(sink.writes).toEqual([one]);
  expect(clock.pending).toBe(0);
});

test('what is held goes out when it is released', () => {
  const { sink, wire } = startWire();
  wire.hold();
  wire.write(one);
  sink.drain();
  expect(sink.writes).toEqual([]);
  wire.release();
  sink.drain();
  expect(sink.writes).toEqual([one]);
});

test.each([{}, { split: 1 }, { togetherMs: 50_000 }])(
  'the end comes behind all that was written: %j',
  (wireOptions) => {
    const { sink, wire } = startWire(wireOptions);
    wire.write(one);
    wire.end();
    wire.write(two);
    expect(sink.ended).toBe(false);
    sink.drain();
    expect(Buffer.concat(sink.writes)).toEqual(one);
    expect(sink.ended).toBe(true);
  },
);

test('more than 16 MiB that nobody reads are a fault', () => {
  const { sink, wire, faults } = startWire();
  const large = Buffer.alloc(1_048_576);
  for (let n = 0; n < 16; n++) wire.write(large);
  expect(faults).toEqual([]);
  wire.write(one);
  expect(faults).toEqual([expect.stringContaining('does not read')]);
  sink.drain();
  expect(sink.writes).toEqual([]);
});

test('what the socket has not passed on counts as waiting', () => {
  const { sink, wire, faults } = startWire();
  sink.writableLength = 16 * 1_048_576;
  wire.write(one);
  expect(faults).toHaveLength(1);
});

test('over a connection that is gone nothing is written, and nothing is kept', () => {
  const { sink, wire } = startWire();
  wire.write(one);
  sink.writable = false;
  wire.write(two);
  sink.drain();
  sink.writable = true;
  wire.write(three);
  sink.drain();
  expect(sink.writes).toEqual([three]);
});

test('octets at the end of each PDU are within its command_length', () => {
  const { sink, wire } = startWire({ trailing: '00ff' });
  wire.write(one);
  sink.turn();
  expect(sink.writes).toEqual([Buffer.from('00000012000000150000000000000001' + '00ff', 'hex')]);
});

test('the last NUL is dropped where a C-octet string ends a response, and only there', () => {
  const { sink, wire } = startWire({ lastNul: 'dropped' });
  wire.write(pduOctets('submit_sm_resp', { sequence: 1, fields: { message_id: 'ab' } }));
  wire.write(pduOctets('enquire_link_resp', { sequence: 2 }));
  wire.write(pduOctets('deliver_sm', { sequence: 3, fields: { short_message: Buffer.from([0]) } }));
  sink.turn();
  expect(sink.writes[0]?.toString('hex')).toBe(
    '00000012800000040000000000000001' +
      '6162' +
      '00000010800000150000000000000002' +
      pduOctets('deliver_sm', { sequence: 3, fields: { short_message: Buffer.from([0]) } }).toString('hex'),
  );
});

test('a bad PDU comes before each so many, of its kinds in turn', () => {
  const { sink, wire } = startWire({ malformed: { every: 2, kinds: ['length-0', 'length-3'] } });
  for (let n = 0; n < 5; n++) wire.write(one);
  sink.turn();
  const lengths = [];
  for (let offset = 0; offset < (sink.writes[0]?.length ?? 0); offset += 16) {
    lengths.push(sink.writes[0]?.readUInt32BE(offset));
  }
  expect(lengths).toEqual([16, 0, 16, 16, 3, 16, 16]);
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { inPieces } from '../../fuzz/inputs.ts';
import { mutations } from '../../fuzz/mutations.ts';
import { type Random, randomOf } from '../../fuzz/random.ts';
import { PDU } from '../../support/smpp-oracle.ts';

/** What a peer of the simulator does that no ESME should, and how. All of it follows from a seed and a number. */
export interface Attack {
  readonly className: string;
  readonly bind: (typeof binds)[number] | undefined;
  readonly writes: readonly Buffer[];
  readonly ends: 'FIN' | 'RST';
}

const binds = ['bind_transceiver', 'bind_transceiver', 'bind_transmitter', 'bind_receiver'] as const;
const classNames = Object.keys(mutations);

export function attackOf(seed: number, index: number): Attack {
  const random = randomOf(seed, index);
  const isSubmit = random.chance(0.5);
  const className = isSubmit ? 'a request of odd fields' : random.pick(classNames);
  const octets = isSubmit ? oddRequest(random) : mutations[className]?.make(random, []);
  if (octets === undefined) throw new Error(`there is no class "${className}"`);
  const bind = random.chance(0.2) ? undefined : random.pick(binds);
  const pieces = random.pick(['one', 'two', 'some', 'single octets'] as const);
  const writes = inPieces(octets, enquireLink, { pieces, random });
  return { className, bind, writes, ends: random.chance(0.9) ? 'FIN' : 'RST' };
}

/** Resolves when both sides have closed the connection. */
export async function strike({ bind, writes, ends }: Attack, port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  // A reset is one way to answer it.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await once(socket, 'connect');
  if (bind !== undefined) {
    const credentials = { system_id: 'me', password: 'secret', interface_version: 0x34, sequence_number: 1 };
    socket.write(new PDU(bind, credentials).toBuffer());
    await once(socket, 'data');
  }
  socket.resume();
  for (const octets of writes) {
    if (!socket.writable) break;
    socket.write(octets);
    await turn();
  }
  if (ends === 'FIN') socket.end();
  else socket.resetAndDestroy();
  await closed;
}

const enquireLink = Buffer.from('00000010000000150000000000000063', 'hex');
const commands = ['submit_sm', 'submit_sm', 'submit_sm', 'submit_sm', 'data_sm', 'query_sm', 'cancel_sm'] as const;
const times = ['000000000100000R', '260101000000000+', '991332256199999-', 'never', '1R', '000000000000000R', 'é'];
const addresses = [
  '',
  '447700900123',
  '+447700900123',
  '447700900904',
  '447700900915',
  'ACME',
  '\u00ff\u0001',
  '9'.repeat(300),
];
const dataCodings = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 0x10, 0x18, 0xc8, 0xd0, 0xe0, 0xf0, 0xf4, 0xff];
/** Headers that promise what does not follow, and some that are right. */
const headers = [
  '050003420201',
  '050003420202',
  '06080442420201',
  '050003420200',
  '0500034200ff',
  '050003ffff01',
  '03240101',
  '0325010d',
  '0b0504158a000000030a0201',
  'ff',
  '00',
  '0100',
  '040003',
];

/** Mostly none, for then the message is looked at further. */
function oddTime(random: Random): string {
  return random.chance(0.8) ? '' : random.pick(times);
}

/** Fields that each fit in a PDU, but no message has. */
function oddRequest(random: Random): Buffer {
  const body = random.octets(random.integer(0, random.chance(0.1) ? 248 : 40));
  const octets = random.chance(0.5) ? Buffer.concat([Buffer.from(random.pick(headers), 'hex'), body]) : body;
  const octet = () => random.integer(0, 0xff);
  const withTlvs = random.chance(0.3);
  return new PDU(random.pick(commands), {
    sequence_number: random.integer(1, 0x7fffffff),
    ...{ source_addr_ton: octet(), source_addr_npi: octet(), source_addr: random.pick(addresses) },
    ...{ dest_addr_ton: octet(), dest_addr_npi: octet(), destination_addr: random.pick(addresses) },
    ...{ esm_class: random.pick([0, 0x40, 0x40, octet()]), data_coding: random.pick(dataCodings) },
    ...{ registered_delivery: octet(), protocol_id: octet(), priority_flag: octet() },
    ...{ schedule_delivery_time: oddTime(random), validity_period: oddTime(random) },
    ...{ message_id: random.pick(['', 'none', '0'.repeat(400)]), short_message: octets.subarray(0, 254) },
    ...(withTlvs && {
      ...{ sar_msg_ref_num: random.integer(0, 0xffff), sar_total_segments: octet(), sar_segment_seqnum: octet() },
      message_payload: random.octets(random.integer(0, 3_000)),
    }),
  }).toBuffer();
}

import {
  bindTransceiverResp,
  commandIds,
  deliverSmOfHandset,
  enquireLink,
  esmeRequests,
  genericNack,
  headerOctets,
  responseBit,
  responses,
  smscRequests,
  submitSmResp,
  unbind,
  unbindResp,
  withHeader,
} from './base-pdus.ts';
import type { Random } from './random.ts';

/** One of the gateway's. */
export interface Request {
  readonly id: number;
  readonly sequence: number;
}

/** What an SMSC may send that it should not, by class. Made of `random` alone, and of the requests that await it. */
export interface Mutation {
  /** The octets; `pending` are the gateway's requests that were not answered. */
  readonly make: (random: Random, pending: readonly Request[]) => Buffer;
  /** Whether it is about submits: then there are some. */
  readonly needsSubmits?: true;
  /** While a PDU of it is not whole the SMSC goes on with it, an octet a second. */
  readonly drips?: true;
}

/** The longest PDU that the gateway takes. */
export const maxPduOctets = 70_000;

const requests = [...smscRequests, ...esmeRequests];
/** What can be cut or bent without becoming an unbind. */
const valid = [...requests, ...responses];
const withBody = valid.filter((pdu) => pdu.length > headerOctets);
const withLongBody = valid.filter((pdu) => pdu.length >= headerOctets + 8);

/** `pdu` with this body, and a command_length that says so. */
function withBodyOf(pdu: Buffer, ...body: readonly Buffer[]): Buffer {
  const octets = Buffer.concat([pdu.subarray(0, headerOctets), ...body]);
  return withHeader(octets, { length: octets.length });
}

const bodyOf = (pdu: Buffer): Buffer => pdu.subarray(headerOctets);

const anySequence = (random: Random): number => random.integer(1, 0x7fffffff);

/** One of `pdus` under a sequence number of its own. */
function oneOf(pdus: readonly Buffer[], random: Random): Buffer {
  return withHeader(random.pick(pdus), { sequence: anySequence(random) });
}

function withLength(pdus: readonly Buffer[], random: Random, lengthOf: (pdu: Buffer) => number): Buffer {
  const pdu = oneOf(pdus, random);
  return withHeader(pdu, { length: lengthOf(pdu) });
}

/** Flips a bit in 1 to 4 octets from `from` on. */
function flipped(pdu: Buffer, random: Random, from: number): Buffer {
  const octets = Buffer.from(pdu);
  for (let flips = random.integer(1, 4); flips > 0; flips -= 1) {
    const at = random.integer(from, octets.length - 1);
    octets[at] = (octets[at] ?? 0) ^ (1 << random.integer(0, 7));
  }
  return octets;
}

/** One of the requests that await their answer, or one that never was. */
function pendingOf(pending: readonly Request[], random: Random): Request {
  return pending.length === 0 ? { id: commandIds.submitSm, sequence: anySequence(random) } : random.pick(pending);
}

const responseTo: ReadonlyMap<number, Buffer> = new Map([
  [commandIds.submitSm, submitSmResp],
  [commandIds.bindTransceiver, bindTransceiverResp],
  [commandIds.unbind, unbindResp],
]);

/** A right answer to one of the requests that await it. */
function answerOf(pending: readonly Request[], random: Random): Buffer {
  const { id, sequence } = pendingOf(pending, random);
  return withHeader(responseTo.get(id) ?? genericNack, { sequence });
}

function commandIdOtherThanUnbind(random: Random): number {
  const id = random.chance(0.5) ? random.uint32() : random.integer(0, 0x200) + (random.chance(0.5) ? responseBit : 0);
  return id === commandIds.unbind ? commandIds.deliverSm : id;
}

function repeated(count: number, pdu: (index: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => pdu(index)));
}

const httpBanner = Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
const tlsAlert = Buffer.from('15030100020228', 'hex');
const otherBanners = ['SSH-2.0-OpenSSH_9.2p1\r\n', 'AMQP\0\0\x09\x01', '220 mail.example ESMTP\r\n', '\0\0'];

const knownTags = [0x0005, 0x001e, 0x0204, 0x020c, 0x0302, 0x0381, 0x0423, 0x0424, 0x0425, 0x0427, 0x1400, 0x0000];

function randomTlv(random: Random): Buffer {
  const value = random.octets(random.integer(0, 40));
  const tlv = Buffer.alloc(4 + value.length);
  tlv.writeUInt16BE(random.chance(0.5) ? random.pick(knownTags) : random.integer(0, 0xffff), 0);
  // Half of them say a length that is not theirs.
  tlv.writeUInt16BE(random.chance(0.5) ? value.length : random.integer(0, 80), 2);
  tlv.set(value, 4);
  return tlv;
}

/** By what a bound session does after them. */
export const classesThatEndTheSession = {
  'command_length 0': { make: (random) => withLength(valid, random, () => 0) },
  'command_length 1 to 4': { make: (random) => withLength(valid, random, () => random.integer(1, 4)) },
  'command_length 5 to 15': { make: (random) => withLength(valid, random, () => random.integer(5, 15)) },
  'command_length shorter by 1 to 8': {
    make: (random) => withLength(withLongBody, random, ({ length }) => length - random.integer(1, 8)),
  },
  'command_length longer by 1 to 64': {
    make: (random) => {
      const by = random.integer(1, 63);
      // But not by the length of the enquire_link behind it, which would make it whole.
      return withLength(valid, random, ({ length }) => length + (by < enquireLink.length ? by : by + 1));
    },
  },
  'command_length over the maximum': {
    make: (random) =>
      withLength(valid, random, () => random.integer(maxPduOctets + 1, random.pick([maxPduOctets + 64, 0xffffffff]))),
  },
  'garbage alone': { make: (random) => random.octets(random.integer(1, 200)) },
  'an HTTP banner': { make: () => httpBanner },
  'a TLS alert': { make: () => tlsAlert },
  'another protocol’s banner': { make: (random) => Buffer.from(random.pick(otherBanners), 'latin1') },
  'a PDU that never becomes whole': {
    make: (random) => withLength(valid, random, () => maxPduOctets).subarray(0, random.integer(4, headerOctets)),
  },
  'a PDU that is not whole in time, an octet a second': {
    drips: true,
    make: (random) =>
      withLength(valid, random, ({ length }) => length + enquireLink.length + random.pick([11, 100, 30_000])),
  },
  'an unbind': { make: (random) => oneOf([unbind], random) },
} satisfies Record<string, Mutation>;

export const classesThatTheSessionSurvives = {
  'command_length longer by the next PDU': {
    make: (random) => withLength(valid, random, ({ length }) => length + enquireLink.length),
  },
  'a PDU that becomes whole in time, an octet a second': {
    drips: true,
    make: (random) => withLength(valid, random, ({ length }) => length + enquireLink.length + random.integer(1, 9)),
  },
  'a body cut short': {
    make: (random) => {
      const pdu = oneOf(withBody, random);
      return withBodyOf(pdu, bodyOf(pdu).subarray(0, random.integer(0, pdu.length - headerOctets - 1)));
    },
  },
  'a random TLV appended': {
    make: (random) => {
      const pdu = oneOf(valid, random);
      return withBodyOf(pdu, bodyOf(pdu), randomTlv(random));
    },
  },
  '1 to 4 octets of the body flipped': { make: (random) => flipped(oneOf(withBody, random), random, headerOctets) },
  'a random body': {
    make: (random) => withBodyOf(oneOf(valid, random), random.octets(random.integer(0, 300))),
  },
  'a random command id': {
    make: (random) => withHeader(oneOf(valid, random), { id: commandIdOtherThanUnbind(random) }),
  },
  'an unknown command': {
    make: (random) => withHeader(oneOf(valid, random), { id: random.pick([0x0a, 0x10203, 0x7fffffff, 0x8000ffff]) }),
  },
  'a body of 0xff': {
    make: (random) => withBodyOf(oneOf(valid, random), Buffer.alloc(random.integer(1, 300), 0xff)),
  },
  'a body of 0x00': {
    make: (random) => withBodyOf(oneOf(valid, random), Buffer.alloc(random.integer(1, 300))),
  },
  '1 to 8 octets behind the body': {
    make: (random) => {
      const pdu = oneOf(valid, random);
      return withBodyOf(pdu, bodyOf(pdu), random.octets(random.integer(1, 8)));
    },
  },
  'a valid request of an SMSC': { make: (random) => oneOf(smscRequests, random) },
  'a request that only an ESME sends': { make: (random) => oneOf(esmeRequests, random) },
  'a response with an unknown sequence number': { make: (random) => oneOf(responses, random) },
  'a response of another command': {
    needsSubmits: true,
    make: (random, pending) =>
      withHeader(random.pick(responses.filter((pdu) => !answersSubmit(pdu))), {
        sequence: pendingOf(pending, random).sequence,
      }),
  },
  'a response twice': {
    needsSubmits: true,
    make: (random, pending) => {
      const response = answerOf(pending, random);
      return repeated(random.integer(2, 4), () => response);
    },
  },
  'an error response without a body': {
    needsSubmits: true,
    // As SMPP 3.4 has it (quirk 41).
    make: (random, pending) => withBodyOf(withHeader(answerOf(pending, random), { status: random.integer(1, 0x500) })),
  },
  'an error response with a body': {
    needsSubmits: true,
    make: (random, pending) => withHeader(answerOf(pending, random), { status: random.integer(1, 0x500) }),
  },
  'a mutated response': {
    needsSubmits: true,
    make: (random, pending) => {
      const response = answerOf(pending, random);
      return withBodyOf(response, random.octets(random.integer(0, 80)));
    },
  },
  'a generic_nack': {
    needsSubmits: true,
    make: (random, pending) =>
      withHeader(genericNack, { sequence: pendingOf(pending, random).sequence, status: random.integer(0, 0x500) }),
  },
  'a generic_nack with sequence number 0': {
    needsSubmits: true,
    make: () => withHeader(genericNack, { sequence: 0 }),
  },
  'a sequence number over 0x7fffffff, or 0': {
    make: (random) =>
      withHeader(random.pick([enquireLink, deliverSmOfHandset, random.pick(valid)]), {
        sequence: random.chance(0.2) ? 0 : random.integer(responseBit, 0xffffffff),
      }),
  },
  'a request with an error status': {
    make: (random) => withHeader(oneOf(requests, random), { status: random.uint32() }),
  },
  'a storm of enquire_link': {
    make: (random) => {
      const first = anySequence(random) >>> 1;
      return repeated(random.integer(2, 200), (index) => withHeader(enquireLink, { sequence: first + index }));
    },
  },
  'a storm of deliver_sm': {
    make: (random) => {
      const first = anySequence(random) >>> 1;
      return repeated(random.integer(2, 40), (index) => withHeader(deliverSmOfHandset, { sequence: first + index }));
    },
  },
  'a message_payload of 65,535 octets': {
    make: (random) => {
      const tlv = Buffer.alloc(4 + 0xffff, 'P');
      tlv.writeUInt32BE(0x0424ffff, 0);
      return withBodyOf(
        withHeader(deliverSmOfHandset, { sequence: anySequence(random) }),
        bodyOf(deliverSmOfHandset),
        tlv,
      );
    },
  },
} satisfies Record<string, Mutation>;

const single: Readonly<Record<string, Mutation>> = { ...classesThatEndTheSession, ...classesThatTheSessionSurvives };
const singles = Object.values(single);

/** Neither the one nor the other: what they are by chance. */
const classesOfEither: Readonly<Record<string, Mutation>> = {
  'octets anywhere flipped': { make: (random) => flipped(oneOf(valid, random), random, 0) },
  'a PDU cut off': {
    make: (random) => {
      const pdu = oneOf(valid, random);
      return pdu.subarray(0, random.integer(1, pdu.length - 1));
    },
  },
  'several mutations in one': {
    needsSubmits: true,
    make: (random, pending) => repeated(random.integer(2, 5), () => random.pick(singles).make(random, pending)),
  },
  'several that are well framed in one': {
    needsSubmits: true,
    make: (random, pending) =>
      repeated(random.integer(2, 8), () =>
        random.pick(Object.values(classesThatTheSessionSurvives) as Mutation[]).make(random, pending),
      ),
  },
};

export const mutations: Readonly<Record<string, Mutation>> = { ...single, ...classesOfEither };

function answersSubmit(pdu: Buffer): boolean {
  const id = pdu.readUInt32BE(4);
  return id === commandIds.submitSm + responseBit || id === commandIds.genericNack;
}

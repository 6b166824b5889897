import { unreachable } from '#contract/unreachable.ts';
import type { Behaviour, IdForm } from '../play/behaviour.ts';
import type { Stage } from '../play/stage.ts';
import { RecentMap } from './recent-map.ts';
import { type Content, concatenationOf } from './submission.ts';

/** Long messages of which not all parts have come. */
const maxUnfinished = 10_000;

/** One id, as the response and as receipts have it. */
export interface MessageIdPair {
  readonly messageId: string;
  readonly receiptId: string;
}

export interface MessageIdsOptions {
  readonly stage: Stage;
  readonly random: () => number;
  /** Whether a message that is remembered has this id. */
  readonly isTaken: (messageId: string) => boolean;
}

interface Unfinished {
  readonly ids: MessageIdPair;
  readonly parts: Set<number>;
}

type Ids = Behaviour['ids'];
type Value = Ids['value'];

const bits: Readonly<Record<Value, bigint>> = { '32-bit': 32n, '64-bit': 64n, uuid: 128n, text: 64n };
/** Wide enough for two leading zeros, however large the number. */
const paddedDigits: Readonly<Record<Value, { readonly hex: number; readonly decimal: number }>> = {
  '32-bit': { hex: 10, decimal: 12 },
  '64-bit': { hex: 18, decimal: 22 },
  uuid: { hex: 0, decimal: 0 },
  text: { hex: 0, decimal: 0 },
};

/** The ids that the SMSC gives its messages. */
export class MessageIds {
  readonly #options: MessageIdsOptions;
  /** By sender, recipient, reference and number of parts. */
  readonly #unfinished = new RecentMap<Unfinished>(maxUnfinished);

  constructor(options: MessageIdsOptions) {
    this.#options = options;
  }

  of(content: Content): MessageIdPair {
    const part = this.#options.stage.behaviour.ids.of === 'message' ? concatenationOf(content) : undefined;
    if (part === undefined) return this.fresh();
    const key = [content.from, content.to, part.reference, part.total].join('\0');
    let unfinished = this.#unfinished.get(key);
    // A part that came already is one of another message: references come again.
    if (unfinished === undefined || unfinished.parts.has(part.part)) {
      unfinished = { ids: this.fresh(), parts: new Set() };
      this.#unfinished.set(key, unfinished);
    }
    unfinished.parts.add(part.part);
    return unfinished.ids;
  }

  /** One that no message has. */
  fresh(): MessageIdPair {
    const { ids } = this.#options.stage.behaviour;
    let number = randomNumber(ids.value, this.#options.random);
    let pair = pairOf(number, ids);
    // Counted on rather than drawn again: a `random` that always says the same must not end in a loop.
    while (this.#options.isTaken(pair.messageId)) {
      number = withKind((number + 1n) % (1n << bits[ids.value]), ids.value);
      pair = pairOf(number, ids);
    }
    return pair;
  }
}

function randomNumber(value: Value, random: () => number): bigint {
  let number = 0n;
  for (let bit = 0n; bit < bits[value]; bit += 32n) number = (number << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  return withKind(number, value);
}

/** 64 bits are beyond 2^63, where signed integers end; a UUID says that it is of version 4. */
function withKind(number: bigint, value: Value): bigint {
  if (value === '64-bit') return number | (1n << 63n);
  if (value !== 'uuid') return number;
  const version = (number & ~(0xfn << 76n)) | (0x4n << 76n);
  return (version & ~(0x3n << 62n)) | (0x2n << 62n);
}

function pairOf(number: bigint, { value, inResponse, inReceipt, differFrom }: Ids): MessageIdPair {
  const messageId =
    inResponse === 'hex-of-text' ? hexOf(written(number, 'upper-hex', value)) : written(number, inResponse, value);
  if (number < BigInt(differFrom)) return { messageId, receiptId: messageId };
  return { messageId, receiptId: inReceipt === 'hex-of-text' ? hexOf(messageId) : written(number, inReceipt, value) };
}

function written(number: bigint, form: Exclude<IdForm, 'hex-of-text'>, value: Value): string {
  switch (form) {
    case 'lower-hex':
      return grouped(number, value);
    case 'upper-hex':
      return grouped(number, value).toUpperCase();
    case 'decimal':
      return number.toString();
    case 'zero-padded-hex':
      return number.toString(16).toUpperCase().padStart(paddedDigits[value].hex, '0');
    case 'zero-padded-decimal':
      return number.toString().padStart(paddedDigits[value].decimal, '0');
    default:
      return unreachable(form);
  }
}

/** Numbers without leading zeros; words in groups, like 1101c1-c9d03d-f000. */
function grouped(number: bigint, value: Value): string {
  const digits = number.toString(16);
  if (value === 'uuid') return digits.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  if (value === 'text') return digits.padStart(16, '0').replace(/^(.{6})(.{6})/, '$1-$2-');
  return digits;
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex').toUpperCase();
}

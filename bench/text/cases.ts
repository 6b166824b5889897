import { textOptions } from '#contract/carrier-text.ts';
import { type EncodedText, encodeText } from '#contract/text/encode-text.ts';
import type { KnownPdu } from '../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../connector/smpp/codec/read.ts';
import { writePdu } from '../../connector/smpp/codec/write.ts';
import { readReceipt } from '../../connector/smpp/receipt.ts';
import { encodeWithPackage } from './package.ts';
import { readPlainly, readToTheLetter } from './plain-receipt.ts';

/** Does the `turn`th piece of work, and gives something of it, lest it be left out. */
export type Work = (turn: number) => unknown;

export interface Case {
  readonly name: string;
  readonly ours: Work;
  /** First the one that the aim is about. */
  readonly others: readonly { readonly name: string; readonly work: Work }[];
}

/** A power of two: which of the inputs is next must cost nothing. */
const inputs = 64;

const parcel = 'Your parcel is on its way and will be with you between 14:10 and 16:10 today. ';
const emoji = 'Your parcel 📦 is on its way 🚚 and will be with you between 14:10 and 16:10 today 👍🏽! ';

const textOf = {
  'short text, GSM': (turn: number) => `${turn} ${parcel.repeat(2).slice(0, 107)}`,
  'long text, GSM': (turn: number) => `${turn} ${parcel.repeat(6).slice(0, 447)}€`,
  'text with emoji': (turn: number) => `${turn} ${emoji.repeat(2)}`,
} as const;

const usual = textOptions.parse({});

function textCase(name: keyof typeof textOf): Case {
  const texts = Array.from({ length: inputs }, (_, turn) => textOf[name](turn));
  const ids = texts.map((_, turn) => `0198c5a2-7c00-7abc-8def-0123456789${hexOctet(turn)}`);
  return {
    name,
    ours: (turn): EncodedText => encodeText(texts[turn % inputs] ?? '', usual, ids[turn % inputs] ?? ''),
    others: [{ name: 'smpp', work: (turn) => encodeWithPackage(texts[turn % inputs] ?? '', turn % inputs) }],
  };
}

function hexOctet(value: number): string {
  return value.toString(16).padStart(2, '0');
}

const receiptCase: Case = (() => {
  const pdus = Array.from({ length: inputs }, (_, turn) => receiptPdu(turn));
  const next = (turn: number) => pdus[turn % inputs] ?? receiptPdu(turn);
  return {
    name: 'receipt',
    ours: (turn) => readReceipt(next(turn)),
    others: [
      { name: 'an expression per field', work: (turn) => readPlainly(next(turn)) },
      { name: 'one expression, Appendix B alone', work: (turn) => readToTheLetter(next(turn)) },
    ],
  };
})();

function receiptPdu(turn: number): KnownPdu<'deliver_sm'> {
  const id = `08E4A7C${hexOctet(turn)}`;
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611231405 done date:2611231406 stat:DELIVRD err:000 text:${parcel.slice(0, 20)}`;
  const pdu = readPdu(
    writePdu({
      command: 'deliver_sm',
      commandStatus: 0,
      sequenceNumber: turn + 1,
      serviceType: '',
      sourceAddrTon: 1,
      sourceAddrNpi: 1,
      sourceAddr: '447700900123',
      destAddrTon: 5,
      destAddrNpi: 0,
      destinationAddr: 'Parcels',
      esmClass: 0x04,
      protocolId: 0,
      priorityFlag: 0,
      scheduleDeliveryTime: '',
      validityPeriod: '',
      registeredDelivery: 0,
      replaceIfPresentFlag: 0,
      dataCoding: 0,
      smDefaultMsgId: 0,
      shortMessage: Buffer.from(text, 'latin1'),
      tlvs: [],
    }),
  );
  if (pdu.command !== 'deliver_sm') throw new Error(`expected a deliver_sm, got ${pdu.command}`);
  return pdu;
}

export const cases: readonly Case[] = [
  textCase('short text, GSM'),
  textCase('long text, GSM'),
  textCase('text with emoji'),
  receiptCase,
];

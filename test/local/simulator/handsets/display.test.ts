import fc from 'fast-check';
import { encodeGsm } from '#contract/text/gsm0338.ts';
import { fillBitsAfter, packSeptets } from '#contract/text/packed.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { display, gsmSender, type UserData } from '../../../../local/simulator/handsets/display.ts';
import { behaviourSchema } from '../../../../local/simulator/play/behaviour.ts';
import { gsmText } from '../../../contract/text/arbitraries.ts';

type Handsets = Parameters<typeof behaviourSchema.parse>[0] & object;

const gsm = (text: string) => encodeGsm(text) ?? Buffer.from('not GSM');
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

function handsets(change: Handsets = {}) {
  return behaviourSchema.parse({ handsets: change }).handsets;
}

/** One part of each body, all with the same elements in the UDH. */
function parts(bodies: readonly Uint8Array[], elements = ''): UserData[] {
  const udh = elements === '' ? Buffer.alloc(0) : Buffer.concat([Uint8Array.of(hex(elements).length), hex(elements)]);
  return bodies.map((body) => ({ udh, body }));
}

function shown(body: Uint8Array, dataCoding: number, change: Handsets = {}) {
  return display(parts([body]), dataCoding, handsets(change));
}

test.each([
  ['GSM 7 bit', 0x00, gsm('Grüße @ 5€'), 'Grüße @ 5€'],
  ['ASCII', 0x01, latin1('@_'), '@_'],
  ['Latin-1', 0x03, latin1('Grüße'), 'Grüße'],
  ['Cyrillic', 0x06, hex('bfe0d8d2d5e2'), 'Привет'],
  ['Hebrew', 0x07, hex('f9ece5ed'), 'שלום'],
  ['UCS-2', 0x08, encodeUcs2('Жж 😀'), 'Жж 😀'],
  ['GSM 7 bit of a class', 0xf1, gsm('Grüße'), 'Grüße'],
  ['UCS-2 of the general group', 0x18, encodeUcs2('Ж'), 'Ж'],
  ['a reserved group', 0x80, gsm('Grüße'), 'Grüße'],
])('%s is read by data_coding %i', (_, dataCoding, octets, text) => {
  expect(shown(octets, dataCoding).text).toBe(text);
});

test.each([
  [0x00, 'text'],
  [0x08, 'text'],
  [0x10, 'flash'],
  [0x11, 'text'],
  [0x00 | 0x40, 'text'],
  [0x18, 'flash'],
  [0x50, 'flash'],
  [0xf0, 'flash'],
  [0xf1, 'text'],
  [0xc8, 'waiting-indication'],
  [0xd0, 'waiting-indication'],
  [0xe0, 'waiting-indication'],
  [0x02, 'binary'],
  [0x04, 'binary'],
  [0x14, 'binary'],
  [0x20, 'binary'],
  [0xf4, 'binary'],
  [0xf5, 'binary'],
])('data_coding %i makes a message %s', (dataCoding, kind) => {
  expect(shown(encodeUcs2('hi'), dataCoding).kind).toBe(kind);
});

test('what is binary has no text, but its octets', () => {
  expect(shown(hex('00ff80'), 0x04)).toEqual({ kind: 'binary', text: '', data: '00ff80' });
});

test.each([
  ['16', '0504 0b84 23f0', { destination: 2948, source: 9200 }],
  ['8', '0402 f0 f1', { destination: 240, source: 241 }],
])('what is for a port of %s bit is binary, whatever its data_coding', (_, element, ports) => {
  const [id, length] = [element.slice(0, 2), element.slice(2, 4)];
  const message = display(parts([latin1('ab'), latin1('c')], `${id}${length}${element.slice(4)}`), 0, handsets());
  expect(message).toEqual({ kind: 'binary', text: '', data: '616263', ports });
});

test('a special message indication in the UDH makes a message one of those', () => {
  expect(display(parts([gsm('2 voice mails')], '01028002'), 0, handsets())).toEqual({
    kind: 'waiting-indication',
    text: '2 voice mails',
  });
});

test('an octet over 0x7F under data_coding 0 is no character, as it is for a phone', () => {
  expect(shown(latin1('caf\xe9'), 0).text).toBe('caf\ufffd');
});

test.each([
  ['latin1', 'caf\xe9 @', 'café @'],
  ['ascii', 'caf\xe9 @', 'caf\ufffd @'],
])('a network that takes data_coding 0 for %s shows it so', (gsm7, octets, text) => {
  expect(shown(latin1(octets), 0, { gsm7 }).text).toBe(text);
  expect(shown(gsm('@'), 0xf1, { gsm7 }).text).toBe('@');
});

describe('packed septets', () => {
  test('are unpacked under data_coding 0 only', () => {
    const packed = packSeptets(gsm('Grüße 5€'));
    expect(shown(packed, 0, { gsm7: 'packed' }).text).toBe('Grüße 5€');
    expect(shown(gsm('Grüße 5€'), 0xf1, { gsm7: 'packed' }).text).toBe('Grüße 5€');
  });

  test('begin behind fill bits after a UDH, in each part', () => {
    const udh = hex('050003070201');
    const bodies = ['first ', 'second'].map((text) => packSeptets(gsm(text), fillBitsAfter(udh.length)));
    const message = display(
      bodies.map((body) => ({ udh, body })),
      0,
      handsets({ gsm7: 'packed' }),
    );
    expect(message.text).toBe('first second');
  });
});

describe('characters that were cut', () => {
  test('of the extension are whole again', () => {
    expect(display(parts([hex('61 1b'), hex('65 62')], '00030102 01'), 0, handsets()).text).toBe('a€b');
  });

  test('of UTF-16 are whole again', () => {
    const octets = encodeUcs2('a😀b');
    const halves = [octets.subarray(0, 4), octets.subarray(4)];
    expect(display(parts(halves), 8, handsets()).text).toBe('a😀b');
  });

  test('are the same wherever the cuts are', () => {
    fc.assert(
      fc.property(gsmText(), fc.array(fc.nat(600)), (text, cuts) => {
        const octets = gsm(text);
        const ends = [...cuts.filter((cut) => cut < octets.length).sort((a, b) => a - b), octets.length];
        const bodies = ends.map((end, index) => octets.subarray(ends[index - 1] ?? 0, end));
        expect(display(parts(bodies), 0, handsets()).text).toBe(text);
      }),
    );
  });
});

describe('languages', () => {
  const word = hex('4d512f5f2b52');

  test('are those that the UDH names, for the alphabet and what is behind ESC', () => {
    expect(display(parts([word], '250106'), 0, handsets())).toMatchObject({
      text: 'हिन्दी',
      language: { locking: 'Hindi' },
    });
    expect(display(parts([hex('1b67 1b69')], '240101'), 0, handsets())).toMatchObject({
      text: 'ğı',
      language: { single: 'Turkish' },
    });
  });

  test('hold for their own part only', () => {
    const [hindi] = parts([word], '250106');
    const [none] = parts([latin1('ab')]);
    const both = [hindi, none].flatMap((part) => part ?? []);
    expect(display(both, 0, handsets()).text).toBe('हिन्दीab');
    expect(display(both.toReversed(), 0, handsets()).text).toBe('abहिन्दी');
  });

  test('are joined before they are read, in parts of the same one', () => {
    expect(display(parts([hex('1b'), hex('67')], '240101'), 0, handsets()).text).toBe('ğ');
  });

  test('are read from packed septets too', () => {
    const udh = hex('03250106');
    const body = packSeptets(word, fillBitsAfter(udh.length));
    expect(display([{ udh, body }], 0, handsets({ gsm7: 'packed' })).text).toBe('हिन्दी');
  });

  test('say nothing about other alphabets', () => {
    const message = display(parts([encodeUcs2('Ж')], '250106'), 8, handsets());
    expect(message).toEqual({ kind: 'text', text: 'Ж' });
  });
});

test('a network can show characters as others, and as none', () => {
  expect(shown(gsm('Hi! a|b'), 0, { swaps: { '!': '@', '|': '', i: 'ij' } }).text).toBe('Hij@ ab');
});

test('a network that loses surrogates shows U+FFFD for each half', () => {
  expect(shown(encodeUcs2('a😀Ж'), 8, { surrogates: 'lost' }).text).toBe('a\ufffd\ufffdЖ');
});

test('a sender that is taken for GSM 03.38 has other signs', () => {
  expect(gsmSender('A_B@C$')).toBe('A§B¡C¤');
});

test('any octets with any UDH and data_coding are shown', () => {
  const gsm7 = fc.constantFrom('unpacked', 'packed', 'latin1', 'ascii');
  const part = fc.record({ udh: fc.uint8Array({ maxLength: 20 }), body: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.nat(255), gsm7, (some, dataCoding, alphabet) => {
      const message = display(some, dataCoding, handsets({ gsm7: alphabet }));
      expect(message.kind === 'binary').toBe(message.data !== undefined);
    }),
  );
});

import { ApiError } from '../../lambdas/http.ts';
import { demandTest, quirkTest } from './quirk-test.ts';
import { type QuirkRig, quirkRig, recipient } from './rig.ts';

type Carrier = Parameters<typeof quirkRig>[0];

const fromHandset = { from: recipient, to: '12345' };
const accents = 'Grüße, señor Ærøskøbing: @£$¥èéùìòÇØøÅå_{}[~]\\|^€';
const emoji = '👩‍👩‍👧‍👦 déjà vu 😀 '.repeat(12);
const long = 'A long one, in parts: [€]. '.repeat(12);

/** What the handset shows of a text that was sent. */
async function shown(rig: QuirkRig, text: string, given: Record<string, unknown> = {}): Promise<string | undefined> {
  const { id } = await rig.sent({ text, ...given });
  await rig.untilStatus(id, 'delivered');
  return rig.simulator.handsets.messages({ to: recipient }).at(-1)?.text;
}

/** What the inbound topic has of a text that a handset sent. */
async function received(rig: QuirkRig, text: string) {
  const before = rig.inbound.length;
  void rig.simulator.sendMo({ ...fromHandset, text });
  await rig.until('a message from a handset', () => rig.inbound.length > before, 20 * 60_000);
  const [event, ...more] = rig.inbound.slice(before);
  expect(more).toEqual([]);
  return event?.data;
}

async function rigPlaying(scenario: string, carrier: Carrier = {}): Promise<QuirkRig> {
  const rig = await quirkRig(carrier);
  rig.play(scenario);
  return rig;
}

quirkTest(25, 'where data_coding 0 is Latin-1, texts are written and read so', async () => {
  const rig = await rigPlaying('quirk-25', {
    text: {
      encodings: [
        { alphabet: 'latin1', dataCoding: 0 },
        { alphabet: 'ucs2', dataCoding: 8 },
      ],
      receivedEncodings: [{ dataCoding: 0, alphabet: 'latin1' }],
    },
  });
  expect(await shown(rig, 'Grüße, señor! @[x]')).toBe('Grüße, señor! @[x]');
  expect(rig.submits.map((pdu) => pdu.data_coding)).toEqual([0]);
  expect(await shown(rig, '€')).toBe('€');
  expect(rig.submits.map((pdu) => pdu.data_coding)).toEqual([0, 8]);
  expect(await received(rig, 'Grüße, señor! @[x]')).toMatchObject({ text: 'Grüße, señor! @[x]', encoding: 'latin1' });
});

quirkTest(26, 'GSM 7 bit has data_coding 0, unless the carrier says otherwise', async () => {
  const usual = await rigPlaying('quirk-26');
  expect(await shown(usual, accents)).toBe(accents);
  expect(new Set(usual.submits.map((pdu) => pdu.data_coding))).toEqual(new Set([0]));
  const other = await quirkRig({ text: { encodings: [{ alphabet: 'gsm7', dataCoding: 1 }] } });
  await other.sent();
  expect(other.submits.map((pdu) => pdu.data_coding)).toEqual([1]);
});

quirkTest(27, 'UCS-2 that is marked as 7 bit is recognised, and said to be so', async () => {
  const rig = await rigPlaying('quirk-27');
  const text = 'Καλημέρα, this is UCS-2';
  expect(await received(rig, text)).toMatchObject({ text, encoding: 'ucs2', confidence: 'likely' });
});

quirkTest(28, 'packed septets are written and read, behind a header too', async () => {
  const rig = await rigPlaying('quirk-28', {
    text: { gsm7: 'packed', receivedEncodings: [{ dataCoding: 0, alphabet: 'gsm7-packed' }] },
  });
  expect(await shown(rig, accents)).toBe(accents);
  expect(await shown(rig, long)).toBe(long);
  const octets = rig.submits.map((pdu) => Buffer.from(pdu.short_message as Buffer).length);
  expect(Math.max(...octets)).toBeLessThanOrEqual(140);
  expect((await received(rig, accents))?.text).toBe(accents);
  expect((await received(rig, long))?.text).toBe(long);
});

quirkTest(29, 'the whole octet of a data_coding is read as 3GPP has it', async () => {
  const rig = await rigPlaying('quirk-29');
  for (const text of ['flash', 'phone', 'card @€', 'Καλημέρα', 'again Ω λ']) {
    expect((await received(rig, text))?.text).toBe(text);
  }
  const codings = rig.inbound.map(({ data }) => data.dataCoding);
  expect(codings).toEqual([0xf0, 0x10, 0x11, 0x18, 0x19]);
});

quirkTest(30, 'characters that a network garbles are replaced as the carrier says', async () => {
  expect(await shown(await rigPlaying('quirk-30'), 'Hi! a|b')).toBe('Hi@ a@b');
  const rig = await rigPlaying('quirk-30', {
    text: {
      replacements: [
        { character: '!', by: '.' },
        { character: '|', by: '/' },
      ],
    },
  });
  expect(await shown(rig, 'Hi! a|b')).toBe('Hi. a/b');
});

quirkTest(31, 'no part ends within a character, and what a handset cuts is put together', async () => {
  const rig = await rigPlaying('quirk-31');
  const { id } = await rig.sent({ text: emoji });
  await rig.untilStatus(id, 'delivered');
  for (const { short_message: octets } of rig.submits) {
    const part = Buffer.from(octets as Buffer)
      .subarray(6)
      .swap16()
      .toString('utf16le');
    expect(part.isWellFormed()).toBe(true);
  }
  expect((await received(rig, emoji))?.text).toBe(emoji);
});

quirkTest(32, 'parts are as long as the carrier says, and the API counts them so', async () => {
  const rig = await rigPlaying('quirk-32', { text: { segmentSizes: { gsm7: { part: 152 }, ucs2: { part: 66 } } } });
  const seven = await rig.sent({ text: 'x'.repeat(153 * 2) });
  expect([seven.segments, rig.submits.length]).toEqual([3, 3]);
  await rig.untilStatus(seven.id, 'delivered');
  const wide = await rig.sent({ text: 'Ω€ж'.repeat(45), to: '+447700900124' });
  expect([wide.segments, rig.submits.length]).toEqual([3, 6]);
  await rig.untilStatus(wide.id, 'delivered');
});

quirkTest(33, 'a long text is told in each of the four ways, and whole on the handset', async () => {
  for (const longMessages of ['udh8', 'udh16', 'sar', 'payload'] as const) {
    const rig = await quirkRig({ text: { longMessages } });
    expect(await shown(rig, long)).toBe(long);
    const [first] = rig.submits;
    expect(Boolean(Number(first?.esm_class) & 0x40)).toBe(longMessages.startsWith('udh'));
    expect(first?.sar_total_segments !== undefined).toBe(longMessages === 'sar');
    expect(first?.message_payload !== undefined).toBe(longMessages === 'payload');
  }
});

quirkTest(33, "a handset's long text is read in each of them", async () => {
  for (const scenario of ['quirk-33-udh16', 'quirk-33-sar', 'quirk-33-payload']) {
    expect((await received(await rigPlaying(scenario), long))?.text).toBe(long);
  }
});

quirkTest(34, 'other elements of the header stand before the concatenation', async () => {
  const data = await received(await rigPlaying('quirk-34'), long);
  expect(data).toMatchObject({ ports: { source: 0, destination: 0 }, parts: { missing: [] } });
  expect(Buffer.from(data?.octets ?? '', 'base64').length).toBeGreaterThan(153);
});

quirkTest(35, 'SAR TLVs beside a header change nothing, and are never sent beside one', async () => {
  const rig = await rigPlaying('quirk-35');
  expect((await received(rig, long))?.text).toBe(long);
  expect(await shown(rig, long)).toBe(long);
});

quirkTest(36, 'a text in message_payload, or in both fields, is read once', async () => {
  for (const scenario of ['quirk-36', 'quirk-36-payload']) {
    expect((await received(await rigPlaying(scenario), 'YES please'))?.text).toBe('YES please');
  }
});

quirkTest(37, 'all parts go over one session, one behind the other', async () => {
  const rig = await rigPlaying('quirk-37');
  expect(await shown(rig, long)).toBe(long);
});

quirkTest(38, 'parts are sent in the order that the carrier wants, and read in any', async () => {
  const rig = await rigPlaying('quirk-38', { text: { partOrder: 'reverse' } });
  expect(await shown(rig, long)).toBe(long);
  expect(rig.submits.map((pdu) => (pdu.short_message as Buffer)[5])).toEqual([3, 2, 1]);
  expect((await received(rig, long))?.text).toBe(long);
});

quirkTest(39, 'a text that takes too many parts is refused by the API, with the count', async () => {
  const rig = await quirkRig();
  const refused = rig.send({ text: 'x'.repeat(153 * 10 + 1) }).catch((error: unknown) => error);
  const error = await refused;
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ errors: [{ field: 'text', message: expect.stringMatching(/10 segments.*11/) }] });
  expect(rig.waiting).toBe(0);
});

quirkTest(40, 'pieces that nothing joins are published one by one', async () => {
  const rig = await rigPlaying('quirk-40');
  void rig.simulator.sendMo({ ...fromHandset, text: long });
  await rig.until('all pieces', () => rig.inbound.map(({ data }) => data.text).join('') === long);
  expect(rig.inbound.length).toBeGreaterThan(1);
});

demandTest(4, 'every character of the default alphabet and its extension makes the round trip', async () => {
  const all =
    '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€';
  const rig = await quirkRig();
  expect(await shown(rig, all)).toBe(all);
  expect(new Set(rig.submits.map((pdu) => pdu.data_coding))).toEqual(new Set([0]));
  expect((await received(rig, all))?.text).toBe(all);
});

demandTest(4, 'what no alphabet of the carrier has is refused, never sent as another character', async () => {
  const rig = await quirkRig({ text: { encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] } });
  const error = await rig.send({ text: 'Zażółć' }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ errors: [{ field: 'text', message: expect.stringContaining('U+017C') }] });
});

demandTest(14, 'parts that come in any order and twice make one message', async () => {
  const rig = await quirkRig();
  const part = (n: number, text: string) =>
    rig.deliver({
      destinationAddr: '12345',
      esmClass: 0x40,
      shortMessage: Buffer.concat([Buffer.from([5, 0, 3, 0x2a, 3, n]), Buffer.from(text)]),
    });
  await part(3, 'three');
  await part(1, 'one ');
  await part(1, 'one ');
  await part(2, 'two ');
  await rig.until('the message', () => rig.inbound.length > 0);
  await rig.pass(60_000);
  expect(rig.inbound.map(({ data }) => [data.text, data.parts?.missing])).toEqual([['one two three', []]]);
});

demandTest(14, 'messages of two senders with one reference do not mix', async () => {
  const rig = await quirkRig();
  const part = (sourceAddr: string, n: number, text: string) =>
    rig.deliver({
      sourceAddr,
      destinationAddr: '12345',
      esmClass: 0x40,
      shortMessage: Buffer.concat([Buffer.from([5, 0, 3, 0x2a, 2, n]), Buffer.from(text)]),
    });
  await part('447700900001', 1, 'a1 ');
  await part('447700900002', 1, 'b1 ');
  await part('447700900002', 2, 'b2');
  await part('447700900001', 2, 'a2');
  await rig.until('both', () => rig.inbound.length > 1);
  expect(rig.inbound.map(({ data }) => data.text).sort()).toEqual(['a1 a2', 'b1 b2']);
});

demandTest(14, 'what came of a message is published after a time, and says what is missing', async () => {
  const rig = await quirkRig({ assemblySeconds: 60 });
  await rig.deliver({
    destinationAddr: '12345',
    esmClass: 0x40,
    shortMessage: Buffer.concat([Buffer.from([5, 0, 3, 0x2a, 3, 2]), Buffer.from('two')]),
  });
  await rig.until('what came', () => rig.inbound.length > 0, 10 * 60_000);
  expect(rig.inbound[0]?.data).toMatchObject({ text: 'two', parts: { total: 3, missing: [1, 3] } });
});

import { type TextOptions, textOptions } from '#contract/carrier-text.ts';
import { tlvDefinitions } from '#contract/carrier-tlvs.ts';
import type { Route } from '#contract/routes.ts';
import { fittingRoutes, type Wanted } from '../../lambdas/fitting-route.ts';
import type { ApiError } from '../../lambdas/http.ts';
import { route } from '../support/factories.ts';

const gsmOnly = textOptions.parse({ encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] });
const latin1 = textOptions.parse({
  encodings: [
    { alphabet: 'gsm7', dataCoding: 0 },
    { alphabet: 'latin1', dataCoding: 3 },
  ],
});
const required = tlvDefinitions.parse({ dltEntityId: { tag: 0x1400, type: 'cstring', required: true } });

const secret = 'geheim';

function byText(carrier: string, text: TextOptions): Route {
  return route({ carrier, text });
}

function fitting(routes: readonly [Route, ...Route[]], wanted: Partial<Wanted>, maxSegments = 10) {
  return fittingRoutes(routes, { text: 'Hello', smart: false, tlvs: new Map(), ...wanted }, maxSegments);
}

function faultsOf(...given: Parameters<typeof fitting>) {
  try {
    fitting(...given);
  } catch (error) {
    const { code, errors } = error as ApiError;
    expect(code).toBe('invalid-request');
    expect(JSON.stringify(errors)).not.toContain(secret);
    return errors;
  }
  throw new Error('accepted');
}

test('each carrier has the text as it takes it', () => {
  const text = `ç${'x'.repeat(100)}`;
  expect(fitting([route(), byText('beta', latin1)], { text })).toMatchObject([
    { carrier: 'acme', encoding: 'ucs2', segments: 2 },
    { carrier: 'beta', encoding: 'latin1', segments: 1 },
  ]);
});

test('a carrier that lacks a character is left out where another has it', () => {
  const routes = [byText('gsm', gsmOnly), route({ carrier: 'beta' })] as const;
  expect(fitting(routes, { text: 'жук' }).map(({ carrier }) => carrier)).toEqual(['beta']);
  expect(fitting(routes, { text: 'beetle' }).map(({ carrier }) => carrier)).toEqual(['gsm', 'beta']);
});

test('a carrier for which the text is too long is left out where it is shorter for another', () => {
  const text = `ç${'x'.repeat(100)}`;
  expect(fitting([route(), byText('beta', latin1)], { text }, 1).map(({ carrier }) => carrier)).toEqual(['beta']);
});

test('a text that no carrier can send is refused by its code points, and nothing else of it', () => {
  expect(faultsOf([byText('gsm', gsmOnly)], { text: `${secret} жук 😀` })).toEqual([
    { field: 'text', message: 'must be of characters that carrier gsm takes, has U+0436, U+0443, U+043A, U+1F600' },
  ]);
});

test('a text of a thousand such characters is refused with twenty', () => {
  const text = String.fromCodePoint(...Array.from({ length: 1_000 }, (_, index) => 0x4e00 + index));
  const [fault] = faultsOf([byText('gsm', gsmOnly)], { text }) ?? [];
  expect(fault?.message.match(/U\+/g)).toHaveLength(20);
});

test('a text that is too long is refused with its count', () => {
  expect(faultsOf([route()], { text: 'x'.repeat(400) }, 2)).toEqual([
    { field: 'text', message: 'must fit into 2 segments, takes 3 (gsm7)' },
  ]);
});

test('what is wrong for the first carrier is told where none fits, its text and its TLVs at once', () => {
  const tlvs = new Map([['other', 'x']]);
  expect(faultsOf([route({ carrier: 'a', text: gsmOnly }), route({ carrier: 'b' })], { text: 'ж', tlvs })).toEqual([
    { field: 'text', message: 'must be of characters that carrier a takes, has U+0436' },
    { field: 'tlvs.other', message: 'is not known: carrier a has no TLVs' },
  ]);
});

test('a message with a TLV goes to a carrier that defines it, and one without it to one that does not require it', () => {
  const routes = [route({ carrier: 'plain' }), route({ carrier: 'dlt', tlvs: required })] as const;
  const carriersFor = (tlvs: Wanted['tlvs']) => fitting(routes, { tlvs }).map(({ carrier }) => carrier);
  expect(carriersFor(new Map([['dltEntityId', '1101']]))).toEqual(['dlt']);
  expect(carriersFor(new Map())).toEqual(['plain']);
});

describe('"smart"', () => {
  const text = 'It’s — “fine”…';

  test('replaces what would force UCS-2, and says what', () => {
    expect(fitting([route()], { text, smart: true })).toMatchObject([
      {
        text: 'It\'s - "fine"...',
        encoding: 'gsm7',
        segments: 1,
        replaced: [
          { character: '’', by: "'", count: 1 },
          { character: '—', by: '-', count: 1 },
          { character: '“', by: '"', count: 1 },
          { character: '”', by: '"', count: 1 },
          { character: '…', by: '...', count: 1 },
        ],
      },
    ]);
  });

  test('leaves a text alone that needs UCS-2 all the same', () => {
    expect(fitting([route()], { text: `${text} 😀`, smart: true })).toMatchObject([
      { text: `${text} 😀`, encoding: 'ucs2', replaced: [] },
    ]);
  });

  test('changes nothing unless it is asked for', () => {
    expect(fitting([route()], { text })).toMatchObject([{ text, encoding: 'ucs2', replaced: undefined }]);
  });

  test('makes a text fit a carrier that has no UCS-2', () => {
    expect(fitting([byText('gsm', gsmOnly)], { text, smart: true })).toMatchObject([{ encoding: 'gsm7' }]);
  });

  test('leaves nothing of a text of characters that nobody sees, which is refused', () => {
    expect(faultsOf([route()], { text: '\u200b\u00ad', smart: true })).toEqual([
      { field: 'text', message: 'must not be empty without what "smart" leaves out' },
    ]);
  });
});

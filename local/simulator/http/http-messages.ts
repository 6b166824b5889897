import { z } from 'zod';
import { parseAs } from '#contract/parse.ts';
import type { Mo } from '../handsets/mo.ts';
import { statusName } from '../sessions/command-status.ts';
import { type Answer, type Asked, deadline, jsonBody, number, queryAs } from './http-request.ts';

/** For how long a message may wait for an ESME before the handset is told that it is on its way. */
const patienceMs = 10_000;

/** A "+" that the client left bare in the query has become a space. */
const numberInQuery = z.string().transform((text) => text.replace(/^ /, '+'));
const listing = z.strictObject({
  to: numberInQuery.optional(),
  from: numberInQuery.optional(),
  after: z.coerce.number().int().min(0).default(0),
  wait: z.coerce.number().int().min(0).max(30_000).default(0),
});

export async function listMessages(asked: Asked): Promise<Answer> {
  const { wait, ...wanted } = queryAs(listing, asked.request);
  const { handsets } = asked.simulator;
  if (wait === 0) return { status: 200, body: { messages: await handsets.awaitMessages(wanted, AbortSignal.abort()) } };
  const stop = deadline(asked, wait);
  try {
    return { status: 200, body: { messages: await handsets.awaitMessages(wanted, stop.signal) } };
  } finally {
    stop.cancel();
  }
}

const hex = z.string().regex(/^([0-9a-f]{2})*$/i, 'must be octets in hexadecimal');
const octets = hex.transform((text) => Buffer.from(text, 'hex'));
const moBody = z
  .strictObject({
    from: number,
    to: number,
    text: z.string().max(10_000).optional(),
    octets: octets.optional(),
    dataCoding: z.int().min(0).max(0xff).optional(),
    udh: octets.optional(),
    account: z.string().optional(),
  })
  .refine(({ text, octets }) => (text === undefined) !== (octets === undefined), 'needs either text or octets')
  .refine(
    ({ octets, dataCoding, udh }) => octets !== undefined || (dataCoding === undefined && udh === undefined),
    'dataCoding and udh are for octets; of a text the simulator chooses them',
  );

export async function sendMo(asked: Asked): Promise<Answer> {
  const mo = toMo(parseAs(moBody, await jsonBody(asked.request), 'body'));
  const stop = deadline(asked, patienceMs);
  try {
    const statuses = await Promise.race([asked.simulator.sendMo(mo), aborted(stop.signal)]);
    if (statuses === undefined) return { status: 202, body: { waiting: 'no ESME has answered yet' } };
    return {
      status: 200,
      body: { statuses: statuses.map((status) => (status === undefined ? 'lost' : statusName(status))) },
    };
  } finally {
    stop.cancel();
  }
}

function toMo({ text, octets, dataCoding, udh, account, ...numbers }: z.output<typeof moBody>): Mo {
  return {
    ...numbers,
    ...(text !== undefined && { text }),
    ...(octets !== undefined && { octets }),
    ...(dataCoding !== undefined && { dataCoding }),
    ...(udh !== undefined && { udh }),
    ...(account !== undefined && { account }),
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

import { z } from 'zod';
import { parseAs } from '#contract/parse.ts';
import { aborted } from '../../aborted.ts';
import { statusName } from '../command-status.ts';
import type { Mo } from '../handsets/mo.ts';
import { hex } from '../hex.ts';
import { type Answer, type Asked, deadline, jsonBody, queryAs } from './http-request.ts';

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
  if (wait === 0) return { status: 200, body: { messages: handsets.messages(wanted) } };
  const stop = deadline(asked, wait);
  try {
    return { status: 200, body: { messages: await handsets.awaitMessages(wanted, stop.signal) } };
  } finally {
    stop.cancel();
  }
}

const octets = hex.transform((text) => Buffer.from(text, 'hex'));
/** Only what each field is made of: `moDeliveries` has the rules. */
const moBody = z.strictObject({
  from: z.string(),
  to: z.string(),
  text: z.string().optional(),
  octets: octets.optional(),
  dataCoding: z.number().optional(),
  udh: octets.optional(),
  account: z.string().optional(),
});

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

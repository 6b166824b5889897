import type { Route } from '#contract/routes.ts';
import type { AcceptPorts } from '../../lambdas/accept-message.ts';
import { acceptOnce } from '../../lambdas/accept-once.ts';
import type { ApiError } from '../../lambdas/http.ts';
import { hashOfBody } from '../../lambdas/idempotency-key.ts';
import { sendRequestParser } from '../../lambdas/send-request.ts';
import type { TestTable } from './dynamo.ts';
import { clientId, route } from './factories.ts';
import { type Fault, faultyPorts } from './faulty-ports.ts';
import { type FifoLane, fifoLane } from './fifo-lane.ts';
import { type TestPorts, testPorts } from './lambda-ports.ts';

/** What a client sees of its request. */
export type Seen =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly answer: string; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly messageId: string | undefined }
  | { readonly kind: 'nothing' };

export interface KeyedSend {
  readonly key?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly clientId?: string;
  readonly routes?: readonly Route[];
  readonly fault?: Fault | undefined;
  readonly around?: <T>(act: () => Promise<T>) => Promise<T>;
}

export interface KeyedSends {
  readonly ports: TestPorts & AcceptPorts;
  readonly lane: FifoLane;
  /** Sends with a key, by one function of its own. */
  send(given?: KeyedSend): Promise<Seen>;
}

const hello = { to: '+447700900123', text: 'Hello' };
const acme = [route()];

export function keyedSends(table: TestTable): KeyedSends {
  const plain = testPorts(table);
  const lane = fifoLane(plain.now);
  const ports = { ...plain, queue: lane, newId: uniqueId };
  return {
    ports,
    lane,
    send: ({ key = 'key', body = hello, clientId: client = clientId, routes = acme, fault, around } = {}) => {
      const { ports: own, died } = faultyPorts(ports, fault, around);
      const use = { clientId: client, key, bodyHash: hashOfBody(body) };
      return Promise.race([
        died.then(() => ({ kind: 'nothing' }) as const),
        acceptOnce(own, use, sendRequestParser(routes)(body)).then(
          (accepted) => ({ kind: 'accepted', ...accepted }) as const,
          refused,
        ),
      ]);
    },
  };
}

function refused(error: ApiError): Seen {
  return { kind: 'refused', code: error.code ?? error.message, messageId: error.messageId };
}

let ids = 0;

function uniqueId(): string {
  ids += 1;
  return `019b76da-a800-7000-8000-${String(ids).padStart(12, '0')}`;
}

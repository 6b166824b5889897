import type { Behaviour } from '../play/behaviour.ts';
import { httpOctets } from './malformed.ts';
import type { OwnRequests } from './own-requests.ts';
import type { Wire } from './wire.ts';

type Greeting = Behaviour['connections']['greeting'];

/** Says what the port says as soon as somebody connects; and whether it speaks another protocol, and so hangs up. */
export function greet(greeting: Greeting, wire: Wire, requests: OwnRequests): 'goes-on' | 'hangs-up' {
  switch (greeting) {
    case 'none':
      return 'goes-on';
    case 'enquire_link':
      requests.tell('enquire_link');
      return 'goes-on';
    case 'outbind':
      requests.tell('outbind', { system_id: 'simulator', password: '' });
      return 'goes-on';
    default:
      wire.writeRaw(foreign[greeting]);
      return 'hangs-up';
  }
}

const foreign = {
  http: httpOctets,
  /** The version that it wants, as a broker says it to a client that speaks another (AMQP 0-9-1, 4.2.2). */
  amqp: Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  /** A record with a fatal alert, unexpected_message (RFC 8446, 6). */
  tls: Buffer.from('1503030002020a', 'hex'),
};

import type { Behaviour } from '../play/behaviour.ts';
import { smpp34 } from '../smpp.ts';
import { type Bind, takesTlvs } from './bind.ts';
import { pduOctets } from './pdu-octets.ts';

/** Far from the numbers of the requests that come next. */
const wrongBy = 0x1000;

/** The response to a bind, true or not. */
export function bindAnswer(bind: Bind, status: number, binds: Behaviour['binds']): Buffer {
  const { command, pdu } = bind;
  const version = takesTlvs(bind) ? { sc_interface_version: smpp34 } : {};
  const isOther = binds.answer === 'other-command';
  const sequence = pdu.sequence_number;
  return pduOctets(isOther ? 'enquire_link_resp' : `${command}_resp`, {
    sequence: binds.answer === 'wrong-sequence' ? (sequence + wrongBy) % 0x1_0000_0000 : sequence,
    status,
    fields: isOther ? {} : { system_id: binds.systemId, ...version },
  });
}

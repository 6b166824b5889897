import { commands, errors, tlvs } from 'smpp/lib/defs.js';
import { commandNames } from './layouts.ts';
import type { CommandName, Pdu } from './pdu.ts';

/** The numbers and names of SMPP. The one file that imports the package `smpp`. */

export type RequestName = { [C in CommandName]: `${C}_resp` extends CommandName ? C : never }[CommandName];

const commandIds = Object.fromEntries(commandNames.map((name) => [name, numberOf(commands[name]?.id, name)])) as Record<
  CommandName,
  number
>;

export function commandIdOf(command: CommandName): number {
  return commandIds[command];
}

/** Whether it answers a request: every `*_resp`, known or not, and generic_nack. The first bit of command_id says so. */
export function isResponse({ raw }: Pdu): boolean {
  return (raw[4] as number) >= 0x80;
}

export function isResponseId(commandId: number): boolean {
  return commandId >= 0x80000000;
}

/** Made once: a name that is made anew for each request would be compared letter by letter. */
const responses = Object.fromEntries(
  commandNames.filter((name) => name.endsWith('_resp')).map((name) => [name.slice(0, -'_resp'.length), name]),
) as { readonly [Name in RequestName]: `${Name}_resp` };

export function responseOf<Name extends RequestName>(request: Name): `${Name}_resp` {
  return responses[request];
}

/** Tags of the TLVs that this project looks into. */
export const tlvTags = {
  receiptedMessageId: tagOf('receipted_message_id'),
  networkErrorCode: tagOf('network_error_code'),
  messagePayload: tagOf('message_payload'),
  messageState: tagOf('message_state'),
  userMessageReference: tagOf('user_message_reference'),
  sarMsgRefNum: tagOf('sar_msg_ref_num'),
  sarTotalSegments: tagOf('sar_total_segments'),
  sarSegmentSeqnum: tagOf('sar_segment_seqnum'),
} as const;

/** The specification's name of a tag, if it has one. */
export function tlvName(tag: number): string | undefined {
  return tlvNames.get(tag);
}

const tlvNames = new Map(Object.entries(tlvs).map(([name, tlv]) => [tlv.id, name]));

function tagOf(name: string): number {
  return numberOf(tlvs[name]?.id, name);
}

/** Every name of a command_status: `ESME_ROK` and so on. */
export const statusNames: ReadonlyMap<number, string> = new Map(
  Object.entries(errors).map(([name, status]) => [status, name]),
);

export function statusNumber(name: string): number {
  return numberOf(errors[name], name);
}

/** A name that the package does not know is a mistake of ours: say so at start, not as NaN on the wire. */
function numberOf(found: number | undefined, name: string): number {
  if (found === undefined) throw new Error(`the package smpp knows no ${name}`);
  return found;
}

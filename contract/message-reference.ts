import { createHash } from 'node:crypto';

/**
 * The user_message_reference of a segment, 1 to 65535: an SMSC that repeats it in a receipt tells which segment the
 * receipt is about, where no id can. From nothing but the two, so that who knows the message knows it. Never 0, which
 * an SMSC may write for none. Sixteen bits are not unique: who looks a receipt's up has to compare more.
 */
export function userMessageReferenceOf(messageId: string, segment: number): number {
  const digest = createHash('sha256').update(`${messageId} ${segment}`).digest();
  return 1 + (digest.readUInt32BE() % 0xffff);
}

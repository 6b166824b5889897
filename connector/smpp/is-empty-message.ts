/** Whether a short_message carries nothing: some SMSCs write a NUL where the text is in message_payload (quirks 36 and 42). */
export function isEmptyMessage(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}

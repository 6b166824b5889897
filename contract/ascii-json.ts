/**
 * JSON in which every character outside ASCII is a \u escape. The same JSON to any parser, and
 * one octet per character, so a queue's size limit can be checked on `length`. (The local queue
 * emulator refuses characters outside the BMP; SQS itself would take them.)
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

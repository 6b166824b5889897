import { InvalidInputError } from '../parse.ts';
import { toError } from '../to-error.ts';

/**
 * The value in a config file. Throws `InvalidInputError` that says where it is not JSON, and quotes nothing, for there
 * may be a password. For the same reason the error has no cause: V8's message quotes.
 */
export function parseConfigJson(text: string): unknown {
  // Editors on Windows may begin a file with a byte order mark.
  const json = text.replace(/^\ufeff/, '');
  const fault = faultOf(json);
  if (fault === undefined) return JSON.parse(json);
  const before = json.slice(0, positionOf(json, fault)).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  throw new InvalidInputError('gateway config', [
    `not JSON at ${place} (JSON has double quotes only, no comments and no comma before } or ])`,
  ]);
}

/** What V8 says of it. */
function faultOf(json: string): string | undefined {
  try {
    JSON.parse(json);
    return undefined;
  } catch (cause) {
    return toError(cause).message;
  }
}

const unexpectedToken = 'Unexpected token';

/** Of an unexpected token V8 does not say where it is: it is what ends the shortest beginning that has one. */
function positionOf(json: string, fault: string): number {
  if (!fault.startsWith(unexpectedToken)) return Number(/ at position (\d+)/.exec(fault)?.[1] ?? json.length);
  let good = 0;
  let bad = json.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (faultOf(json.slice(0, middle))?.startsWith(unexpectedToken)) bad = middle;
    else good = middle;
  }
  return good;
}

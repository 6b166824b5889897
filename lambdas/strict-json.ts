import type { FieldFault } from '#contract/gateway-responses.ts';
import { shorten } from './faults.ts';

const maxDepth = 32;

/** An object or array that the scan is inside of. */
interface Level {
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** The key whose value is being read. */
  key: string;
}

/**
 * What JSON.parse lets pass and we do not: a key given twice, of which it silently keeps the last, and deep
 * nesting. Only for JSON that JSON.parse took: that it is well-formed is not looked at again, which is what makes
 * this so short (parsers that notice duplicates are written anew for it, and slower than V8's).
 */
export function faultOfJson(json: string): FieldFault | undefined {
  const levels: Level[] = [];
  let text = '';
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case '"': {
        const end = endOfString(json, at);
        text = json.slice(at, end);
        at = end - 1;
        break;
      }
      case ':':
        if (isRepeated(levels.at(-1), text)) return { field: fieldAt(levels), message: 'is given twice' };
        break;
      case '{':
      case '[':
        levels.push({ keys: json[at] === '{' ? new Set() : undefined, key: '' });
        if (levels.length > maxDepth) return tooDeep;
        break;
      case '}':
      case ']':
        levels.pop();
    }
  }
  return undefined;
}

const tooDeep: FieldFault = { field: 'body', message: `must not be nested deeper than ${maxDepth} levels` };

/** The place behind the closing quotation mark of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Notes the key, which is `text` as it is written: with quotation marks and escapes. */
function isRepeated(level: Level | undefined, text: string): boolean {
  if (level?.keys === undefined) return false;
  level.key = JSON.parse(text);
  const repeated = level.keys.has(level.key);
  level.keys.add(level.key);
  return repeated;
}

function fieldAt(levels: readonly Level[]): string {
  return shorten(levels.map(({ key }) => key).join('.'));
}

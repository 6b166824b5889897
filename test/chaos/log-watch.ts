import type { LogLine } from '../../local/log.ts';

/** What only texts and numbers of this run have. */
const personal = /[CM]\d{7} (and so on|the end|from a handset)|4477009\d{5}/;

/** The connector's log: no text and no full number may be in it; what it warned of is counted. */
export class LogWatch {
  readonly leaks = new Set<string>();
  readonly warnings = new Map<string, number>();

  note(text: string, line: LogLine | undefined): void {
    if (personal.test(text)) this.leaks.add(line?.message ?? 'a line that is no log line');
    if (line === undefined || line.level === 'INFO' || line.level === 'DEBUG') return;
    this.warnings.set(line.message, (this.warnings.get(line.message) ?? 0) + 1);
  }
}

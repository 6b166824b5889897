import type { Happening } from './happening.ts';
import type { LogLine } from './log.ts';
import { type BannerFacts, banner, happeningLine, logLine, type Style, timed } from './terminal.ts';

/** Where the gateway says what it does. */
export interface Reporter {
  ready(facts: BannerFacts): void;
  happened(happening: Happening): void;
  log(line: LogLine): void;
}

type Write = (text: string) => void;

export function reportError(reporter: Reporter, message: string, error: Error): void {
  reporter.log({ level: 'ERROR', message, fields: { error: error.message, stack: error.stack } });
}

/** For a person: everything on stdout. */
export function terminalReporter(write: Write, style: Style, now: () => Date): Reporter {
  // What a connector says again and again while it tries to bind, say.
  let lastLog = '';
  return {
    ready: (facts) => write(`${banner(facts, style)}\n`),
    happened(happening) {
      lastLog = '';
      write(`${timed(happeningLine(happening, style), now(), style)}\n`);
    },
    log(line) {
      const text = logLine(line, style);
      if (text === undefined || text === lastLog) return;
      lastLog = text;
      write(`${timed(text, now(), style)}\n`);
    },
  };
}

/** For a program: one line of JSON on stdout when ready, all else on stderr, a line of JSON each. No text and no number. */
export function jsonReporter(stdout: Write, stderr: Write, now: () => Date): Reporter {
  const log = (level: LogLine['level'], message: string, fields: LogLine['fields']) =>
    stderr(`${JSON.stringify({ level, timestamp: now().toISOString(), ...fields, message })}\n`);
  return {
    ready({ apiUrl, apiKey, inboundTopicArn, statusTopicArn, awsEndpoint, region }) {
      stdout(`${JSON.stringify({ apiUrl, apiKey, inboundTopicArn, statusTopicArn, awsEndpoint, region })}\n`);
    },
    happened: ({ direction, status, detail }) => log('INFO', 'sms', { direction, status, detail }),
    log: ({ level, message, fields }) => log(level, message, fields),
  };
}

/** A line of somebody's log: of the gateway itself, a function or a connector. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Reads what Powertools' logger prints. Metrics, which share its stream, and blank lines give undefined. */
export function parseLogLine(text: string): LogLine | undefined {
  if (text.trim() === '') return undefined;
  const { level, message, ...fields } = parseObject(text);
  if ('_aws' in fields) return undefined;
  // Not from the logger: a stack trace, or a warning of Node's.
  if (typeof message !== 'string') return { level: 'WARN', message: text, fields: {} };
  return { level: toLevel(level), message, fields };
}

function toLevel(level: unknown): LogLevel {
  switch (level) {
    case 'DEBUG':
    case 'INFO':
    case 'WARN':
      return level;
    default:
      // Also CRITICAL: what is unknown had better be seen.
      return 'ERROR';
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

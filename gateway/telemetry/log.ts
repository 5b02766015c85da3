/** Structured logs on standard error: an allow-list of members, so that no value of a person can get into one by accident. */
import pino, { type DestinationStream } from 'pino';

/** All that a line may say beside its event: codes, counts and ids that are nobody's; never a name, number, date or message. */
const ALLOWED: ReadonlySet<string> = new Set([
  'agency',
  'method',
  'request_id',
  'reason',
  'code',
  'count',
  'ms',
  'port',
  'deployment',
  'log_id',
  'epoch',
  'revision',
  'version',
  'state',
  'task',
  'problem',
  'fault',
  'at',
  'thread',
]);

export interface Log {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

function allowed(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => ALLOWED.has(name)));
}

/** `bound` stands in every line. */
export function createLog(level: string, destination: DestinationStream, bound?: { readonly thread: number }): Log {
  const logger = pino(
    { level, base: bound ?? null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' },
    destination,
  );
  return {
    // Asked first: a line a call is dear, and seldom wanted.
    debug: (fields, event) => void (logger.isLevelEnabled('debug') && logger.debug(allowed(fields), event)),
    info: (fields, event) => logger.info(allowed(fields), event),
    warn: (fields, event) => logger.warn(allowed(fields), event),
    error: (fields, event) => logger.error(allowed(fields), event),
  };
}

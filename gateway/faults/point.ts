import { type Channel, channel } from 'node:diagnostics_channel';

/** Each place, and what has just happened there. */
export const FAULT_POINTS = {
  // Gateway, in the order in which a chunk comes past
  verify: 'the signature of a chunk was found good; nothing of it was read',
  decode: 'the rows of a chunk were read',
  'look-up': 'the register was asked for the rows of a chunk',
  match: 'the rows of a chunk were judged',
  leaves: 'the person leaves of an entry were hashed',
  'append-begin': 'a group has its transaction, and has written nothing',
  'append-commit': 'a group has written all that it will; its commit was not sent',
  'append-committed': 'a group is committed, and nobody was told so',
  sign: 'an answer was signed',
  write: 'the frame of an answer is about to be given to the socket',
  written: 'the socket took the frame of an answer',
  // Client
  'client-start': 'the opening of a job is on the disk; the gateway has not heard of it',
  'client-started': 'the gateway has opened the job; its name is not on the disk',
  'client-send': 'a chunk is about to be sent',
  'client-sent': 'a chunk was given to the socket',
  'client-answer': 'an answer came and its signature holds; nothing of it was kept',
  'client-spool': 'an answer was added to what waits to be written',
  'client-flush': 'bytes are about to be written to a part file',
  'client-flushed': 'bytes were written to a part file, and not yet synced',
  'client-state': 'the state of a job is written beside the old one, and not yet in its place',
  'client-close': 'all answers are on the disk; the job was not closed',
  'client-receipt': 'the job was closed; its receipt is not written',
  'client-rename': 'both files are whole, under their part names',
  'client-renamed': 'the receipt has its name, the results do not',
  'client-published': 'both files have their names; the state of the job is still there',
} as const;
export type FaultPoint = keyof typeof FAULT_POINTS;

const PREFIX = 'lienthong.fault.';

/** The channel of a place, for whoever listens. */
export const faultChannel = (name: FaultPoint): Channel => CHANNELS[name];

const CHANNELS = Object.fromEntries(
  Object.keys(FAULT_POINTS).map((name) => [name, channel(`${PREFIX}${name}`)]),
) as Record<FaultPoint, Channel>;

/** Says that the process has come to this place. */
export function faultPoint(name: FaultPoint): void {
  const place = CHANNELS[name];
  if (place.hasSubscribers) place.publish(name);
}

/** True where anybody listens to a place in this thread. */
export function faultsArmed(): boolean {
  return Object.values(CHANNELS).some((place) => place.hasSubscribers);
}

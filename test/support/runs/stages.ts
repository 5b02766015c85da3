/** The stages that a death may fall into, and the places of each. */
import type { FaultPoint } from '../../../gateway/faults/point.ts';

export const GATEWAY_STAGES = {
  verify: ['verify'],
  decode: ['decode'],
  'look-up': ['look-up'],
  match: ['match', 'leaves'],
  append: ['append-begin', 'append-commit', 'append-committed'],
  sign: ['sign'],
  write: ['write', 'written'],
} as const satisfies Record<string, readonly FaultPoint[]>;

export const CLIENT_STAGES = {
  send: ['client-start', 'client-started', 'client-send', 'client-sent'],
  spool: ['client-answer', 'client-spool', 'client-flush', 'client-flushed', 'client-state'],
  finish: ['client-close', 'client-receipt', 'client-rename', 'client-renamed', 'client-published'],
} as const satisfies Record<string, readonly FaultPoint[]>;

export const GATEWAY_POINTS: readonly FaultPoint[] = Object.values(GATEWAY_STAGES).flat();
export const CLIENT_POINTS: readonly FaultPoint[] = Object.values(CLIENT_STAGES).flat();

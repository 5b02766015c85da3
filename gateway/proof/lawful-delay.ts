/** Until when the law keeps a use from the person whom it concerns: as the leaf says, and never longer than the bound. */
import type { PersonBody } from './person-body.ts';

/** Nothing is kept from anybody longer than this after it was logged, whatever a leaf says. */
export const MOST_DELAY_SECONDS = 366 * 86_400;

/** The moment from which the person is told, unix seconds; 0 where nothing is delayed. @param loggedMs time of the entry, unix milliseconds */
export function toldFrom({ delayUntil }: Pick<PersonBody, 'delayUntil'>, loggedMs: number): number {
  return Math.min(delayUntil, Math.floor(loggedMs / 1000) + MOST_DELAY_SECONDS);
}

import { type Place, processStartOf } from './own-place.ts';

/**
 * Ends a process of this place at once, where it is still the one that is meant. True where there is none any more; false where it was
 * told to end and may not have ended yet. Throws where it may not be ended.
 */
export function endThere({ pid, processStart }: Pick<Place, 'pid' | 'processStart'>): boolean {
  if (processStartOf(pid) !== processStart) return true;
  process.kill(pid, 'SIGKILL');
  return false;
}

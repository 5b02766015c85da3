import { KitError } from './kit-error.ts';

/**
 * Places for the calls of one client that are under way. Ten thousand at once are signed and sent as places become free, not before: a
 * token that waited would be too old, and a deadline would pass in a queue. The place of a call that was refused for a limit stays
 * taken for a while, or all others would be refused as fast as they can be sent, and a gateway lets go whom it refuses too often:
 * with 100 a second, and 200 at once, not this client.
 */
export type Places = {
  /**
   * Resolves with a place, or with undefined where whoever waited longest for an answer waited in vain: the gateway is silent, and
   * nobody is to wait for one silence after another. Throws KitError INTERRUPTED.
   */
  take(signal: AbortSignal | undefined): Promise<Place | undefined>;
  leave(place: Place, how: 'answered' | 'limited' | 'silence'): void;
  /** Lets all who wait go on, to find the client closed. */
  close(): void;
};

/** How many calls had been answered when it was taken. */
type Place = { readonly heard: number };
type Given = (place: Place | undefined) => void;

const MOST = 128;
const LIMITED_MS = 2_000;

export function createPlaces({ most = MOST, limitedMs = LIMITED_MS } = {}): Places {
  let free = most;
  let heard = 0;
  /** In the order in which they came. */
  const waiting = new Set<Given>();
  const resting = new Set<NodeJS.Timeout>();

  function give(): void {
    const [next] = waiting;
    if (next === undefined) free++;
    else {
      waiting.delete(next);
      next({ heard });
    }
  }

  function letGo(place: Place | undefined): void {
    const all = [...waiting];
    waiting.clear();
    for (const given of all) given(place);
  }

  return {
    async take(signal) {
      if (free > 0) {
        free--;
        return { heard };
      }
      // Only while somebody waits for it does a place that rests keep the program from ending.
      for (const timer of resting) timer.ref();
      return new Promise<Place | undefined>((resolve, reject) => {
        const given: Given = (place) => {
          signal?.removeEventListener('abort', leave);
          resolve(place);
        };
        const leave = (): void => {
          waiting.delete(given);
          reject(new KitError('INTERRUPTED'));
        };
        waiting.add(given);
        signal?.addEventListener('abort', leave, { once: true });
        if (signal?.aborted === true) leave();
      });
    },
    leave(place, how) {
      if (how === 'silence') {
        if (place.heard === heard) letGo(undefined);
        return give();
      }
      heard++;
      if (how === 'answered') return give();
      const timer = setTimeout(() => {
        resting.delete(timer);
        give();
      }, limitedMs);
      resting.add(timer);
      if (waiting.size === 0) timer.unref();
    },
    close: () => letGo({ heard }),
  };
}

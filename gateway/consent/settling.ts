/** How far a gateway is through with what was taken back: settled in any order, said as far as all of it is. */
import type { TakenBack } from '../exchange/flights.ts';

export interface SettlingDeps {
  /** Resolves when nothing that any thread of this process began before and tells by one of these scopes is on its way any more. */
  readonly settleAll: (taken: TakenBack) => Promise<void>;
  /** Makes known that this gateway is through with all changes up to this one. */
  readonly say: (revision: number) => Promise<void>;
}

export function createSettling({ settleAll, say }: SettlingDeps) {
  /** 0 before the first look: up to then everything may have been taken back. */
  let seen = 0;
  let said = 0;
  /** What settles still: the change that was seen before it. */
  const settling = new Set<{ readonly from: number }>();

  return {
    /** The last change that is settled or settles now; behind what failed, which is to be looked at again with all after it. */
    get seen(): number {
      return seen;
    },

    /**
     * Several may run at the same time: one that waits for a slow reader keeps the next from being said, not from being settled.
     * @param taken of all changes after `seen` up to this one
     */
    async settleTo(revision: number, taken: TakenBack): Promise<void> {
      const mine = { from: seen };
      seen = revision;
      settling.add(mine);
      try {
        await settleAll(taken);
        settling.delete(mine);
        const upTo = Math.min(seen, ...Array.from(settling, ({ from }) => from));
        if (upTo <= said) return;
        await say(upTo);
        said = Math.max(said, upTo);
      } catch (error) {
        settling.delete(mine);
        seen = Math.min(seen, mine.from);
        throw error;
      }
    },
  };
}

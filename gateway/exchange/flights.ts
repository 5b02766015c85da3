/** What stands on consents and is on its way out of this thread: what a withdrawal waits for before it is acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Transport } from './ports.ts';
import { CallRefused } from './refused.ts';

/** One answer, from before its consents are looked up until its last byte has left. */
export interface Flight {
  /** In the turn in which it is written. @throws {CallRefused} where a withdrawal waited too long for it */
  leaving(transport: Transport | undefined): void;
  /** It was written, or never will be. Over once its connection has nothing pending. */
  end(): void;
}

/** How long what is slow may keep a withdrawal waiting. */
export const SETTLE_MS = 2_000;
const LOOK_MS = 10;
const RETRY_MS = 500;

class OneFlight implements Flight {
  readonly #left: (flight: OneFlight) => void;
  #transport: Transport | undefined;
  #state: 'working' | 'leaving' | 'written' | 'void' | 'over' = 'working';

  constructor(left: (flight: OneFlight) => void) {
    this.#left = left;
  }

  leaving(transport: Transport | undefined): void {
    if (this.#state === 'void') {
      throw new CallRefused(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: RETRY_MS });
    }
    this.#transport = transport;
    this.#state = 'leaving';
  }

  end(): void {
    if (this.#state === 'leaving') this.#state = 'written';
    else if (this.#state === 'working') this.#over();
    this.look();
  }

  /** Whether what was written has left. */
  look(): void {
    if (this.#state === 'written' && this.#transport?.pending() !== true) this.#over();
  }

  /** Nothing of it leaves from now on. */
  cut(): void {
    if (this.#state === 'working') this.#state = 'void';
    else this.#transport?.cut();
    this.#left(this);
  }

  #over(): void {
    this.#state = 'over';
    this.#left(this);
  }
}

export interface Flights {
  begin(): Flight;
  /**
   * Resolves when nothing that began before the call is on its way any more; what is not through after `mostMs` is cut off, so it
   * resolves soon after that at the latest.
   */
  settle(mostMs?: number): Promise<void>;
  readonly count: number;
}

export function createFlights(): Flights {
  const flying = new Set<OneFlight>();
  const left = (flight: OneFlight) => {
    flying.delete(flight);
  };
  // Written and not gone: their connections are looked at until they are, or a withdrawal cuts them.
  let looking: NodeJS.Timeout | undefined;
  const look = () => {
    for (const flight of [...flying]) flight.look();
    if (flying.size === 0) {
      clearInterval(looking);
      looking = undefined;
    }
  };

  return {
    begin() {
      const flight = new OneFlight(left);
      flying.add(flight);
      looking ??= setInterval(look, SETTLE_MS / 4).unref();
      return flight;
    },
    async settle(mostMs = SETTLE_MS) {
      const before = [...flying];
      const until = performance.now() + mostMs;
      const waiting = () => before.filter((flight) => flying.has(flight));
      for (let left = waiting(); left.length > 0; left = waiting()) {
        for (const flight of left) flight.look();
        if (performance.now() >= until) for (const flight of waiting()) flight.cut();
        else await sleep(LOOK_MS);
      }
    },
    get count() {
      return flying.size;
    },
  };
}

/** What stands on consents and is on its way out of this thread: what a withdrawal stops, or waits for, before it is acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { numbersOf } from './consents-used.ts';
import type { Transport } from './ports.ts';
import { CallRefused } from './refused.ts';

/** One answer, from before its consents are looked up until its last byte has left. */
export interface Flight {
  /** The scopes that it tells by, float64 each; until that is said, it stands on all. */
  standsOn(scopes: Uint8Array): void;
  /** One of these was taken back since it began and is told of as if it were not: to be judged anew, because it does not leave. */
  readonly overtaken: boolean;
  /** In the turn in which it is written. @throws {CallRefused} where it was overtaken */
  leaving(transport: Transport | undefined): void;
  /** It was written, or never will be. Over once its connection has nothing pending. */
  end(): void;
}

/** Numbers of scopes whose consents ended or rest; undefined where nobody can say which. */
export type TakenBack = readonly number[] | undefined;

/** How long what is slow may keep a withdrawal waiting. */
export const SETTLE_MS = 2_000;
const LOOK_MS = 10;
const RETRY_MS = 500;

class OneFlight implements Flight {
  readonly #left: (flight: OneFlight) => void;
  #transport: Transport | undefined;
  #state: 'working' | 'leaving' | 'written' | 'over' = 'working';
  #scopes: Uint8Array | undefined;
  /** Since it began, while it could still be kept. */
  readonly #taken: TakenBack[] = [];

  constructor(left: (flight: OneFlight) => void) {
    this.#left = left;
  }

  standsOn(scopes: Uint8Array): void {
    this.#scopes = scopes;
  }

  get overtaken(): boolean {
    return this.#taken.some((taken) => this.#tellsBy(taken));
  }

  leaving(transport: Transport | undefined): void {
    if (this.overtaken) throw new CallRefused(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: RETRY_MS });
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

  /** True where that has to be waited for: what is not written yet will not be, as it is. */
  take(taken: TakenBack): boolean {
    if (this.#state !== 'working') return this.#tellsBy(taken);
    this.#taken.push(taken);
    return false;
  }

  /** Nothing of it leaves from now on. */
  cut(): void {
    this.#transport?.cut();
    this.#over();
  }

  #tellsBy(taken: TakenBack): boolean {
    if (this.#scopes === undefined || taken === undefined) return true;
    const scopes = numbersOf(this.#scopes);
    return taken.some((scope) => scopes.includes(scope));
  }

  #over(): void {
    this.#state = 'over';
    this.#left(this);
  }
}

export interface Flights {
  begin(): Flight;
  /**
   * Resolves when nothing that began before the call and tells by one of these scopes is on its way any more. What is not written yet
   * will not be, and is not waited for; what is written and not through after `mostMs` is cut off.
   */
  settle(taken: TakenBack, mostMs?: number): Promise<void>;
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
    async settle(taken, mostMs = SETTLE_MS) {
      const told = [...flying].filter((flight) => flight.take(taken));
      const until = performance.now() + mostMs;
      const waiting = () => told.filter((flight) => flying.has(flight));
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

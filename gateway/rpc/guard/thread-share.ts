/**
 * How much of the thread that serves everybody one party may take with what is done before anybody has read a word of it. Alone, all of
 * it; beside others, what it sends beyond its share is left unread until it is due, so that the kernel's windows fill and its sender waits.
 */
import { createPresence } from '../../exchange/presence.ts';

/** What may be stopped: a connection below HTTP/2, whose streams all wait then. */
export interface Valve {
  stop(): void;
  start(): void;
}

export interface ThreadShare {
  /** Counts what a party has cost, over this connection; one that is to be unread and was read all the same is stopped again. */
  spend(party: string, micros: number, valve?: Valve): void;
  /** Somebody opened a stream, or sends chunks: he is here for two seconds. */
  here(party: string): void;
  /** Whether anybody was here within the last two seconds. */
  readonly busy: boolean;
  /** Connections of a party, while they are open. */
  add(party: string, valve: Valve): void;
  delete(party: string, valve: Valve): void;
}

export interface ThreadShareOptions {
  readonly nowMs: () => number;
  /** Runs after some milliseconds; does not keep the process alive. */
  readonly later: (work: () => void, ms: number) => void;
}

/** Microseconds of the thread: a handshake, a stream until somebody serves it, a refusal at the edge, a stream that is given up. */
export const HANDSHAKE_MICROS = 1_500;
export const STREAM_MICROS = 150;
export const REFUSAL_MICROS = 300;
export const RESET_MICROS = 150;
/** TLS, frames, and the pieces handed on: 250 MB a second. */
export const MICROS_A_BYTE = 0.004;
/** What is no message's: a ping, of 17 bytes, costs as much as 40 of a message. */
export const MICROS_A_STRAY_BYTE = 0.025;

/** Of the thread's time, for one party beside others. */
const SHARE = 0.25;
/** What may be spent at once, microseconds: a call waits behind it. */
const BURST_MICROS = 10_000;
/** However much was spent, somebody looks again. */
const LONGEST_STOP_MS = 1_000;

interface Account {
  /** Spent and not earned yet, microseconds, as of `at`. */
  debt: number;
  at: number;
  stopped: boolean;
  readonly valves: Set<Valve>;
}

export function createThreadShare({ nowMs, later }: ThreadShareOptions): ThreadShare {
  const accounts = new Map<string, Account>();
  const presence = createPresence();

  function settle(account: Account, now: number): void {
    account.debt = Math.max(0, account.debt - (now - account.at) * 1000 * SHARE);
    account.at = now;
  }

  function stop(party: string, account: Account): void {
    account.stopped = true;
    for (const valve of account.valves) valve.stop();
    const due = (account.debt - BURST_MICROS) / (1000 * SHARE);
    later(() => goOn(party, account), Math.min(LONGEST_STOP_MS, Math.max(1, due)));
  }

  function goOn(party: string, account: Account): void {
    const now = nowMs();
    settle(account, now);
    if (presence.alone(party, now)) account.debt = Math.min(account.debt, BURST_MICROS);
    if (account.debt > BURST_MICROS) {
      stop(party, account);
      return;
    }
    account.stopped = false;
    for (const valve of account.valves) valve.start();
    forget(party, account);
  }

  /** A debt outlives the connections that made it: else whoever comes back would have none. */
  function forget(party: string, account: Account): void {
    if (account.valves.size > 0 || account.stopped || accounts.get(party) !== account) return;
    settle(account, nowMs());
    if (account.debt === 0) accounts.delete(party);
    else later(() => forget(party, account), Math.ceil(account.debt / (1000 * SHARE)));
  }

  return {
    spend(party, micros, valve) {
      const account = accounts.get(party);
      if (account === undefined) return;
      // First what was earned: nobody saves up while he sends nothing.
      const now = nowMs();
      settle(account, now);
      account.debt += micros;
      if (account.stopped) {
        valve?.stop();
        return;
      }
      if (account.debt <= BURST_MICROS) return;
      // Alone it took nothing from anybody: else a night's work would be owed to whoever comes in the morning.
      if (presence.alone(party, now)) account.debt = Math.min(account.debt, BURST_MICROS);
      else stop(party, account);
    },
    here: (party) => presence.note(party, nowMs()),
    get busy() {
      return !presence.empty(nowMs());
    },
    add(party, valve) {
      const account = accounts.get(party) ?? { debt: 0, at: nowMs(), stopped: false, valves: new Set() };
      accounts.set(party, account);
      account.valves.add(valve);
      if (account.stopped) valve.stop();
    },
    delete(party, valve) {
      const account = accounts.get(party);
      account?.valves.delete(valve);
      if (account !== undefined) forget(party, account);
    },
  };
}

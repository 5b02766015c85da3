import { KitError } from './kit-error.ts';
import { pause } from './retry.ts';

/** Hours of the day in which rows may be sent, in minutes of this machine's local time; `to` before `from` crosses midnight. */
export type SendWindow = { readonly from: number; readonly to: number };

/** What holds sending back. */
export type SendGate = {
  isOpen(): boolean;
  /** Resolves once rows may be sent. Throws KitError INTERRUPTED. */
  opened(signal?: AbortSignal | undefined): Promise<void>;
};

const FORM = /^([01]?\d|2[0-3]):([0-5]\d)\s?[-–]\s?([01]?\d|2[0-3]):([0-5]\d)$/;
/** A clock may be set and a machine may sleep: looked at again at least so often. */
const LOOK_EVERY_MS = 30_000;

/** `22:00-05:00`; undefined for a text that is no such window, or an empty one. */
export function parseWindow(text: string): SendWindow | undefined {
  const parts = FORM.exec(text.trim())?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [h1 = 0, m1 = 0, h2 = 0, m2 = 0] = parts;
  const [from, to] = [h1 * 60 + m1, h2 * 60 + m2];
  return from === to ? undefined : { from, to };
}

/** From the first minute on, up to and without the last. */
export function isWithin({ from, to }: SendWindow, at: Date): boolean {
  const minute = at.getHours() * 60 + at.getMinutes();
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** When the window opens next; asked while it is closed. */
export function opensAt({ from }: SendWindow, at: Date): Date {
  const next = new Date(at);
  next.setHours(Math.floor(from / 60), from % 60, 0, 0);
  if (next <= at) next.setDate(next.getDate() + 1);
  return next;
}

/**
 * @param onWait told once for each time that sending waits, with the moment until which
 * @param now this machine's clock
 */
export function createSendGate(
  window: SendWindow,
  { onWait, now = () => new Date() }: { onWait?: ((until: Date) => void) | undefined; now?: () => Date } = {},
): SendGate {
  const isOpen = (): boolean => isWithin(window, now());
  let told = 0;
  return {
    isOpen,
    async opened(signal) {
      while (!isOpen()) {
        if (signal?.aborted === true) throw new KitError('INTERRUPTED');
        const until = opensAt(window, now());
        // Several connections wait for one opening.
        if (until.getTime() !== told) onWait?.(until);
        told = until.getTime();
        await pause(Math.min(LOOK_EVERY_MS, until.getTime() - now().getTime()), signal);
      }
    },
  };
}

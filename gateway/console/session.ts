import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ActingPerson } from './acting-person.ts';
import type { ConsentRequest } from './consent-order.ts';
import type { Answered } from './once.ts';
import type { PendingActs } from './pending-acts.ts';

/** One browser that has the page open, known by a cookie. Kept in memory only: nobody is signed in after a restart. */
export interface Session {
  readonly id: string;
  /** Stands in every form of this session; a page of elsewhere cannot know it. Another one once the pages are about somebody else. */
  csrf: string;
  /** Milliseconds of this machine's clock after which it is over, whatever happens. */
  readonly endsAt: number;
  /** Who signed in; undefined before. */
  person: ActingPerson | undefined;
  /** The text of a consent that was shown last, and what was chosen for it. */
  reading: Reading | undefined;
  /** A child of 7 or older who has signed in beside the representative, and the text that was shown to them: they agree to no other. */
  second: { readonly person: ActingPerson; readonly text: string } | undefined;
  /** Page to go to once signed in: the one that asked for it. */
  after: string | undefined;
  /** Whether it began because something was pressed when an earlier one was over: the sign-in says that it was not done. */
  afterEnd: boolean;
  /** Place in the list of represented people of the one whom the pages are about; undefined for the person. */
  about: number | undefined;
  /** What was prepared for the person's signature and waits for it, by its id: pages that are opened together wait together. */
  readonly pending: Map<string, PendingActs>;
  /**
   * What the gateway answered last, by page; shown for a moment, then asked for again. Another map once the pages are about
   * somebody else: an answer that was on its way then is put into the one that it was asked for.
   */
  kept: Map<string, Kept>;
  /** What forms of it were answered: one that is sent twice is done once. */
  readonly answered: Answered;
}

/** A consent that somebody is reading. */
export interface Reading {
  readonly request: ConsentRequest;
  readonly choice: Pick<ConsentRequest, 'fieldIds' | 'days'>;
  readonly text: string;
}

export interface Kept {
  readonly value: unknown;
  readonly until: number;
  /** Whether a page has shown it: loading that page again asks again. */
  shown?: boolean;
}

/** How long somebody may stay signed in without signing in again. */
export const SIGNED_IN_MS = 15 * 60_000;
const SIGNED_OUT_MS = 30 * 60_000;
const MOST = 10_000;

export interface Sessions {
  /** The session of that cookie's value; undefined where there is none or it is over. */
  find(id: string | undefined): Session | undefined;
  /** A new one; with a person, signed in. */
  open(person?: ActingPerson): Session;
  end(session: Session): void;
  /** Forgets those that are over: nobody's key or list stays in memory because they did not sign out. */
  sweep(): void;
  readonly size: number;
}

/** @param now milliseconds of this machine's clock */
export function createSessions({ now, most = MOST }: { readonly now: () => number; readonly most?: number }): Sessions {
  const all = new Map<string, Session>();

  function end(session: Session): void {
    all.delete(session.id);
    session.kept.clear();
    session.answered.clear();
    session.pending.clear();
  }

  function sweep(): void {
    for (const session of all.values()) if (session.endsAt <= now()) end(session);
  }

  function makeRoom(): void {
    sweep();
    // Those that nobody signed in to go first: opening pages must put nobody out who has.
    for (const [id, { person }] of all) {
      if (all.size < most) return;
      if (person === undefined) all.delete(id);
    }
    for (const id of all.keys()) {
      if (all.size < most) return;
      all.delete(id);
    }
  }

  return {
    find(id) {
      const session = id === undefined ? undefined : all.get(id);
      if (session === undefined || session.endsAt > now()) return session;
      end(session);
      return undefined;
    },
    open(person) {
      if (all.size >= most) makeRoom();
      const session: Session = {
        id: newToken(),
        csrf: newToken(),
        endsAt: now() + (person === undefined ? SIGNED_OUT_MS : SIGNED_IN_MS),
        person,
        reading: undefined,
        second: undefined,
        after: undefined,
        afterEnd: false,
        about: undefined,
        pending: new Map(),
        kept: new Map(),
        answered: new Map(),
      };
      all.set(session.id, session);
      return session;
    },
    end,
    sweep,
    get size() {
      return all.size;
    },
  };
}

/** Makes the pages about somebody else: no form, act or answer that was about the one before counts from here on. */
export function turnTo(session: Session, about: number | undefined): void {
  session.about = about;
  session.csrf = newToken();
  session.kept = new Map();
  session.pending.clear();
  session.reading = undefined;
  session.second = undefined;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a form carries its session's own token; takes as long for a wrong one as for the right one. */
export function isOwnForm(session: Session, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const [mine, theirs] = [Buffer.from(session.csrf), Buffer.from(token)];
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}

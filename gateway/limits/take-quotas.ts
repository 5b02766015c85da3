import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { AppendItem, AppendOutcome, LimitUse, QuotaState } from '../exchange/log-port.ts';
import type { Limits } from '../policy/decision.ts';
import { ADD_SUBJECTS, CORRECT_LIMITS, KINDS, NEW_SUBJECTS, TAKE_LIMITS } from './limits-sql.ts';
import { readWords, wordArray, wordsOf } from './word-array.ts';

/** The narrow part of the append's connection. */
export interface LimitsConnection {
  query(text: string): Promise<unknown>;
  execute(
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
  ): Promise<{ rows: Record<string, unknown>[] }>;
}

export type Outcomes = (AppendOutcome | undefined)[];

/** A counter that this transaction holds. */
interface Counter {
  readonly party: string;
  readonly purpose: string;
  readonly kind: number;
  /** What the group asked to add, and what of it is corrected at the end. */
  asked: number;
  correction: number;
  /** As it stands with the items that were taken so far. */
  used: number;
  since: number;
  now: number;
}

interface Use {
  readonly counter: Counter;
  readonly add: number;
  readonly most: number;
}

/** Limits that have a window, by kind of counter. */
export const QUOTAS = {
  [KINDS.calls]: { limit: 'RATE', name: 'calls_per_minute', seconds: 60 },
  [KINDS.rows]: { limit: 'DAY_ROWS', name: 'rows_per_day', seconds: 86_400 },
  [KINDS.subjects]: { limit: 'DISTINCT_SUBJECTS', name: 'subjects_per_day', seconds: 86_400 },
} as const satisfies Record<number, { limit: QuotaState['limit']; name: keyof Limits; seconds: number }>;
type QuotaKind = keyof typeof QUOTAS;

/** The counters of a group: taken in one statement, which holds them until the commit, and corrected in one where something was not taken. */
export class Counters {
  readonly #byKey = new Map<string, Counter>();
  readonly #uses = new Map<AppendItem, Use[]>();
  /** People who were not asked about today, and were not taken yet. */
  readonly #fresh = new Set<bigint>();
  readonly #taken: bigint[] = [];

  /** Of all these items, whatever becomes of them: `settleLimits` gives back what is not recorded. */
  static async take(tx: LimitsConnection, items: readonly AppendItem[]): Promise<Counters> {
    const counters = new Counters();
    for (const item of items) counters.#ask(item);
    const all = [...counters.#byKey.values()];
    if (all.length === 0) return counters;
    const asked = items.flatMap((item) => item.limits?.subjects ?? []);
    const [{ rows }, fresh] = await Promise.all([
      tx.execute(TAKE_LIMITS, [
        all.map(({ party }) => party),
        all.map(({ purpose }) => purpose),
        all.map(({ kind }) => kind),
        all.map(({ asked }) => asked),
      ]),
      // Behind it: whoever counts the same people holds the counter first.
      asked.length === 0 ? undefined : tx.execute(NEW_SUBJECTS, [wordArray(asked)]),
    ]);
    for (const row of rows) {
      const counter = counters.#counter(row.party as string, row.purpose as string, row.kind as number);
      counter.used = (row.used as number) - counter.asked;
      counter.since = row.since as number;
      counter.now = row.now as number;
    }
    for (const row of fresh?.rows ?? []) counters.#fresh.add(BigInt(row.subject as string));
    return counters;
  }

  #ask(item: AppendItem): void {
    const { limits, agency } = item;
    if (limits === undefined) return;
    const { purpose, most, guard } = limits;
    const uses: Use[] = [];
    const use = (kind: QuotaKind, add: number, bound: number | undefined) => {
      if (bound === undefined) return;
      const counter = this.#counter(agency, purpose, kind);
      counter.asked += add;
      uses.push({ counter, add, most: bound });
    };
    if (limits.calls > 0) use(KINDS.calls, limits.calls, most.callsPerMinute);
    if (limits.rows > 0) use(KINDS.rows, limits.rows, most.rowsPerDay);
    if (limits.subjects !== undefined) use(KINDS.subjects, 0, most.subjectsPerDay);
    if (guard !== undefined) this.#counter(guard.legalEntity, '', KINDS.guesses);
    this.#uses.set(item, uses);
  }

  #counter(party: string, purpose: string, kind: number): Counter {
    const key = `${party}\0${purpose}\0${kind}`;
    let counter = this.#byKey.get(key);
    if (counter === undefined) {
      counter = { party, purpose, kind, asked: 0, correction: 0, used: 0, since: 0, now: 0 };
      this.#byKey.set(key, counter);
    }
    return counter;
  }

  /** Takes what an item asks for; the first limit that has not so much left refuses it, and nothing of it is taken. */
  admit(item: AppendItem, limits: LimitUse): AppendOutcome | undefined {
    const uses = this.#uses.get(item) ?? [];
    const over = limits.always ? undefined : uses.find(({ counter, add, most }) => counter.used + add > most);
    for (const { counter, add } of uses) {
      if (over === undefined) counter.used += add;
      else counter.correction -= add;
    }
    return over === undefined ? undefined : refusal(over.counter);
  }

  /** Of an item that something else has refused: nothing of what it asks for is taken. */
  drop(item: AppendItem): void {
    for (const { counter, add } of this.#uses.get(item) ?? []) counter.correction -= add;
  }

  /** Gives back what an item had taken. */
  giveBack(item: AppendItem): void {
    for (const { counter, add } of this.#uses.get(item) ?? []) {
      counter.used -= add;
      counter.correction -= add;
    }
  }

  /** Counts people who were not asked about today, in the order of the items. */
  takeSubjects(items: readonly AppendItem[], refuse: (item: AppendItem, outcome: AppendOutcome) => void): void {
    const fresh = this.#fresh;
    for (const item of items) {
      const subjects = item.limits?.subjects;
      const use = this.#uses.get(item)?.find(({ counter }) => counter.kind === KINDS.subjects);
      if (subjects === undefined || use === undefined) continue;
      const { counter, most } = use;
      const own = [...new Set(readWords(subjects))].filter((subject) => fresh.has(subject));
      if (counter.used + own.length > most) {
        this.giveBack(item);
        refuse(item, refusal(counter));
        continue;
      }
      for (const subject of own) fresh.delete(subject);
      this.#taken.push(...own);
      counter.used += own.length;
      counter.correction += own.length;
    }
  }

  /** Revision of a legal entity's guesses. */
  revisionOf(legalEntity: string): number {
    return this.#counter(legalEntity, '', KINDS.guesses).used;
  }

  raiseRevision(legalEntity: string): void {
    const counter = this.#counter(legalEntity, '', KINDS.guesses);
    counter.used += 1;
    counter.correction += 1;
  }

  /** People who are counted, and what was asked of the counters and not taken, or taken besides; sent at once. */
  write(tx: LimitsConnection): Promise<unknown> {
    const sent: Promise<unknown>[] = [];
    if (this.#taken.length > 0) sent.push(tx.execute(ADD_SUBJECTS, [wordArray([wordsOf(this.#taken)])]));
    const wrong = [...this.#byKey.values()].filter(({ correction }) => correction !== 0);
    if (wrong.length > 0) {
      const columns = [
        wrong.map(({ party }) => party),
        wrong.map(({ purpose }) => purpose),
        wrong.map(({ kind }) => kind),
        wrong.map(({ correction }) => correction),
      ];
      sent.push(tx.execute(CORRECT_LIMITS, columns));
    }
    return Promise.all(sent);
  }

  /** How the item's limits stand. */
  statesOf(item: AppendItem): QuotaState[] {
    return (this.#uses.get(item) ?? []).map(({ counter, most }) => {
      const { limit } = QUOTAS[counter.kind as QuotaKind];
      return { limit, most, used: counter.used, resetAt: resetOf(counter) };
    });
  }
}

function resetOf({ kind, since }: Counter): number {
  return since + QUOTAS[kind as QuotaKind].seconds;
}

function refusal(counter: Counter): AppendOutcome {
  const { limit } = QUOTAS[counter.kind as QuotaKind];
  const retryAfterMs = Math.max(1000, Math.ceil((resetOf(counter) - counter.now) * 1000));
  return { kind: 'refused', reason: ErrorReason.LIMITED, facts: { limits: [limit], retryAfterMs } };
}

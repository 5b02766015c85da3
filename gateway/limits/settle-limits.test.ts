/** Budgets and quotas in the append transaction: what is counted, who is judged again, and what is told meanwhile. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { UNITS } from '../exchange/guard.test-support.ts';
import type { GuardFindings } from '../exchange/guard-port.ts';
import { createRowGuard, SPENT } from '../exchange/guard-rows.ts';
import type { RowBatch } from '../exchange/judge-rows.ts';
import type { AppendItem, LimitUse } from '../exchange/log-port.ts';
import type { MatchSet } from '../exchange/lookup-port.ts';
import { createJudgement, OUTCOMES, VERDICTS } from '../matching/index.ts';
import { createGuessBook } from './guess-book.ts';
import { createPurge } from './purge-limits.ts';
import { settleLimits } from './settle-limits.ts';
import { Counters, type LimitsConnection, type Outcomes } from './take-quotas.ts';

const BOUNDS = { perField: 5, perName: 3 };
/** As the register has it. */
const BORN = 19_800_101;
const wrong = (n: number) => 19_800_201 + n;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

/** A gateway's book; several stand for several gateways. */
const bookOf = () => createGuessBook({ db: database.pool, nowMs: () => performance.now() });
type Book = ReturnType<typeof bookOf>;

interface Asked {
  readonly person: number;
  readonly born: number;
  /** A number of nobody, tried for the person's name and date. */
  readonly stranger?: number;
}

/** Digits are no part of a name. */
const called = (person: number) =>
  String(person).replace(/\d/g, (digit) => 'ba be bi bo bu ca ce ci co cu'.split(' ')[Number(digit)] ?? '');

/** Rows as a judge with this book answers them: the date's outcome of each, and what the append is given. */
function judge(book: Book, legalEntity: string, asked: readonly Asked[]) {
  const rows = {
    count: asked.length,
    identifiers: asked.map(({ person, stranger }) => stranger ?? 900_000_000_000 + person),
    names: asked.map(({ person }) => `Nguyễn Văn ${called(person)}`),
    birthDates: Uint32Array.from(asked, ({ born }) => born),
  } as unknown as RowBatch;
  const found = asked.filter(({ stranger }) => stranger === undefined);
  let at = 0;
  const matches = {
    starts: Uint32Array.from([0, ...asked.map(({ stranger }) => (stranger === undefined ? ++at : at))]),
    personNo: Float64Array.from(found, ({ person }) => person),
  } as unknown as MatchSet;
  const guard = createRowGuard(book.rulesFor(legalEntity, BOUNDS), UNITS, rows, matches, false);
  const told = asked.map(({ born, stranger }, row) => {
    const spent = guard.spentOf(row, true);
    const judgement = createJudgement();
    const dates = born === BORN ? OUTCOMES.TRUE : OUTCOMES.FALSE;
    judgement.nameOutcome = stranger === undefined ? OUTCOMES.TRUE : OUTCOMES.NOT_AVAILABLE;
    judgement.birthOutcome = (spent & SPENT.birth) !== 0 ? OUTCOMES.NOT_AVAILABLE : dates;
    const misses = stranger === undefined ? VERDICTS.MISMATCH : VERDICTS.NOT_FOUND;
    const verdict = stranger === undefined && judgement.birthOutcome !== OUTCOMES.FALSE ? VERDICTS.VERIFIED : misses;
    guard.note(row, { judgement, verdict, silent: false, spent, compared: true });
    return judgement.birthOutcome;
  });
  return { told, findings: guard.finish() };
}

function itemOf(guard: GuardFindings, limits: Partial<LimitUse> = {}): AppendItem {
  const most = { callsPerMinute: undefined, rowsPerDay: undefined, subjectsPerDay: undefined };
  return {
    ...{ agency: 'agency', entryId: randomBytes(16), salt: randomBytes(16), entry: randomBytes(8) },
    ...{ changeRevision: 0n, standsOn: [] },
    limits: { purpose: 'p', calls: 0, rows: 1, most, always: false, guard, ...limits },
  };
}

/** One group in a transaction of its own; who learns of it does so after the commit. */
async function append(
  items: readonly AppendItem[],
  { books = [] as readonly Book[], commit = true, replayed = [] as readonly AppendItem[] } = {},
) {
  const connection = await database.log.connect();
  const tx: LimitsConnection = {
    query: (text) => connection.query(text),
    execute: ({ name, text }, values) => connection.query({ name, text, values: [...values] }),
  };
  const outcomes: Outcomes = items.map((item) => (replayed.includes(item) ? { kind: 'replayed' } : undefined));
  try {
    await tx.query('BEGIN');
    const { news, write } = await settleLimits(tx, items, outcomes, await Counters.take(tx, items));
    await write();
    await tx.query(commit ? 'COMMIT' : 'ROLLBACK');
    if (commit) for (const book of books) for (const one of news) book.learn(one);
  } finally {
    connection.release();
  }
  return outcomes.map((outcome) => outcome?.kind ?? 'recorded');
}

const counted = async () => Number((await database.pool.query('SELECT count(*) AS n FROM guess')).rows[0]?.n);
const { TRUE, FALSE, NOT_AVAILABLE } = OUTCOMES;
const wrongs = (person: number, from: number, to: number): Asked[] =>
  Array.from({ length: to - from }, (_, n) => ({ person, born: wrong(from + n) }));

describe('a budget', () => {
  test('may be spent by an item whose answers are all of it; the next one knows', async () => {
    const book = bookOf();
    const { told, findings } = judge(book, 'A', wrongs(1, 0, 5));
    expect(told).toEqual(Array(5).fill(FALSE));
    expect(await append([itemOf(findings)], { books: [book] })).toEqual(['recorded']);
    expect(judge(book, 'A', [{ person: 1, born: BORN }]).told).toEqual([NOT_AVAILABLE]);
    expect(judge(book, 'B', [{ person: 1, born: BORN }]).told).toEqual([TRUE]);
  });

  test('does not reach to an answer behind it: the item is judged again, by exact values', async () => {
    const book = bookOf();
    const before = await counted();
    await append([itemOf(judge(book, 'A', wrongs(2, 0, 4)).findings)], { books: [book] });
    const rows = [...wrongs(2, 3, 5), { person: 2, born: BORN }];
    const early = judge(book, 'A', rows);
    expect(early.told).toEqual([FALSE, FALSE, TRUE]);
    expect(await append([itemOf(early.findings)], { books: [book] })).toEqual(['overtaken']);
    expect(await counted()).toBe(before + 4);
    const again = judge(book, 'A', rows);
    expect(again.told).toEqual([FALSE, FALSE, NOT_AVAILABLE]);
    expect(await append([itemOf(again.findings)], { books: [book] })).toEqual(['recorded']);
    expect(await counted()).toBe(before + 5);
  });

  test('is one for all items of a group, in their order', async () => {
    const book = bookOf();
    const items = [wrongs(3, 0, 3), wrongs(3, 3, 6), [{ person: 3, born: BORN }]].map((rows) =>
      itemOf(judge(book, 'A', rows).findings),
    );
    expect(await append(items, { books: [book] })).toEqual(['recorded', 'overtaken', 'recorded']);
    const spending = itemOf(judge(book, 'A', wrongs(3, 3, 5)).findings);
    const behind = itemOf(judge(book, 'A', [{ person: 3, born: BORN }]).findings);
    expect(await append([spending, behind], { books: [book] })).toEqual(['recorded', 'overtaken']);
  });

  test('is one for all gateways: who judged by less is judged again', async () => {
    const [here, there] = [bookOf(), bookOf()];
    const early = judge(there, 'A', [{ person: 4, born: BORN }]);
    await append([itemOf(judge(here, 'A', wrongs(4, 0, 5)).findings)], { books: [here] });
    expect(early.told).toEqual([TRUE]);
    expect(await append([itemOf(early.findings)], { books: [there] })).toEqual(['overtaken']);
    expect(judge(there, 'A', [{ person: 4, born: BORN }]).told).toEqual([NOT_AVAILABLE]);
  });

  test('knows a value again, and nothing of what was rolled back', async () => {
    const book = bookOf();
    const before = await counted();
    const { findings } = judge(book, 'A', [...wrongs(5, 0, 2), ...wrongs(5, 0, 2)]);
    await append([itemOf(findings)], { commit: false });
    expect(await counted()).toBe(before);
    for (let n = 0; n < 2; n++) await append([itemOf(findings)], { books: [book] });
    expect(await counted()).toBe(before + 2);
  });

  test('of a name and date is spent by numbers tried for them', async () => {
    const book = bookOf();
    const strangers = [1, 2, 3].map((n) => ({ person: 6, born: BORN, stranger: 999_000_000_000 + n }));
    expect(await append([itemOf(judge(book, 'A', strangers).findings)], { books: [book] })).toEqual(['recorded']);
    expect(judge(book, 'A', [{ person: 6, born: BORN }]).told).toEqual([NOT_AVAILABLE]);
    expect(judge(book, 'A', [{ person: 7, born: BORN }]).told).toEqual([TRUE]);
  });

  test('is given back when its days are over, once a day', async () => {
    const book = bookOf();
    await append([itemOf(judge(book, 'C', wrongs(8, 0, 5)).findings)], { books: [book] });
    const purge = createPurge(database.pool);
    await database.pool.query('UPDATE guess SET day = day - 29');
    await purge();
    expect(await counted()).toBeGreaterThan(0);
    await database.pool.query('UPDATE guess SET day = day - 1');
    await purge();
    expect(await counted()).toBeGreaterThan(0);
    await createPurge(database.pool)();
    expect(await counted()).toBe(0);
    await book.reload();
    expect(judge(book, 'C', [{ person: 8, born: BORN }]).told).toEqual([TRUE]);
  });
});

test('rows beyond the day’s are refused whole, and nothing of them is counted', async () => {
  const { findings } = judge(bookOf(), 'D', [{ person: 9, born: BORN }]);
  const most = { callsPerMinute: undefined, rowsPerDay: 10, subjectsPerDay: undefined };
  const item = (rows: number) => itemOf(findings, { rows, most });
  expect(await append([item(6), item(5), item(4)])).toEqual(['recorded', 'refused', 'recorded']);
  const { rows } = await database.pool.query('SELECT used::float8 AS used FROM limit_counter WHERE kind = 2');
  expect(rows).toEqual([{ used: 10 }]);
});

test('what was refused before its limits were looked at leaves nothing counted, and takes nothing from who comes with it', async () => {
  const { findings } = judge(bookOf(), 'E', [{ person: 9, born: BORN }]);
  const most = { callsPerMinute: 5, rowsPerDay: 10, subjectsPerDay: undefined };
  const item = (rows: number) => itemOf(findings, { purpose: 'q', calls: 1, rows, most });
  const stale = item(9);
  expect(await append([stale, item(10)], { replayed: [stale] })).toEqual(['replayed', 'recorded']);
  const { rows } = await database.pool.query(
    "SELECT kind, used::float8 AS used FROM limit_counter WHERE purpose = 'q' ORDER BY kind",
  );
  expect(rows).toEqual([
    { kind: 1, used: 1 },
    { kind: 2, used: 10 },
  ]);
});

describe('a clock that ran ahead and was set back', () => {
  const most = { callsPerMinute: 3, rowsPerDay: 3, subjectsPerDay: undefined };
  const ask = (agency: string): AppendItem => ({
    ...{ agency, entryId: randomBytes(16), salt: randomBytes(16), entry: randomBytes(8) },
    ...{ changeRevision: 0n, standsOn: [], limits: { purpose: 'p', calls: 1, rows: 1, most, always: false } },
  });
  const windows = async (agency: string) =>
    (
      await database.pool.query(
        `SELECT kind, used::integer AS used, window_start <= clock_timestamp() AS now FROM limit_counter WHERE party = $1 ORDER BY kind`,
        [agency],
      )
    ).rows;

  test('leaves no window that closes for as long as it ran ahead, and gives nothing of it back in the one that runs', async () => {
    expect(await append([ask('ahead')])).toEqual(['recorded']);
    await database.pool.query(
      `UPDATE limit_counter SET window_start = window_start + interval '400 days' WHERE party = 'ahead'`,
    );
    expect(await append([ask('ahead'), ask('ahead'), ask('ahead')])).toEqual(['recorded', 'recorded', 'refused']);
    expect(await windows('ahead')).toEqual([
      { kind: 1, used: 3, now: true },
      { kind: 2, used: 3, now: true },
    ]);
  });

  test('leaves the window that comes next: by less than one, nobody gets two of it', async () => {
    expect(await append([ask('near')])).toEqual(['recorded']);
    await database.pool.query(
      `UPDATE limit_counter SET window_start = window_start + CASE kind WHEN 1 THEN interval '1 minute' ELSE interval '1 day' END WHERE party = 'near'`,
    );
    const begins = async () =>
      (await database.pool.query("SELECT window_start FROM limit_counter WHERE party = 'near' ORDER BY kind")).rows;
    const before = await begins();
    expect(await append([ask('near'), ask('near'), ask('near')])).toEqual(['recorded', 'recorded', 'refused']);
    expect(await begins()).toEqual(before);
  });
});

import { type Judgement, OUTCOMES, VERDICTS } from '../matching/index.ts';
import { GUARD_FIELDS, type GuardFindings, type GuardRules } from './guard-port.ts';
import { type GuardUnits, nameKey, UNIT_BYTES } from './guard-units.ts';
import type { RowBatch } from './judge-rows.ts';
import type { MatchSet } from './lookup-port.ts';
import { readNear } from './near-table.ts';

/** Fields of a row whose budget is spent: they are judged as if the register had no value. */
export const SPENT = { name: 1, birth: 2 } as const;
const BOTH = SPENT.name | SPENT.birth;
const PERSON_BYTES = 2 * UNIT_BYTES;

/** A row as it was judged. */
export interface GuardedRow {
  readonly judgement: Judgement;
  readonly verdict: number;
  /** NOT_CONFIRMED was told: everything that it may stand for is counted alike. */
  readonly silent: boolean;
  readonly spent: number;
  /** False where nobody may look at those whom the row names. */
  readonly compared: boolean;
}

interface Miss {
  readonly field: number;
  readonly values: Set<bigint>;
  readonly crossing: bigint;
}

/** In the place of a legal entity in what all of them have in common; no number of one has this form. */
const EVERYBODY = '*';

/**
 * The guard over one batch of rows, in their order. A row that agrees costs two looks into memory; the units of everybody compared
 * are made in one call of the cipher.
 *
 * @param alike whether the caller may not know that people exist: rows without people are then guarded as those with
 */
export function createRowGuard(
  rules: GuardRules,
  names: GuardUnits,
  rows: RowBatch,
  matches: MatchSet,
  alike: boolean,
) {
  const { legalEntity, bounds, revision } = rules;
  const units = names.ofPeople(legalEntity, matches.personNo);
  const strangers = alike ? names.ofNumbers(legalEntity, rows.identifiers) : undefined;
  const tags = names.dateTags(legalEntity, rows.birthDates);
  const near = rules.table === undefined ? undefined : readNear(rules.table);
  const hints = new Map(rules.hints.map(({ unit, values }) => [unit, new Set(values)]));
  const misses = new Map<bigint, Miss>();

  function isSpent(source: Buffer, at: number, bound: number): boolean {
    if (near !== undefined && near.countOf(source.readUInt32BE(at), source.readUInt32BE(at + 4)) >= bound) return true;
    return hints.size > 0 && (hints.get(source.readBigInt64BE(at))?.size ?? 0) >= bound;
  }

  const unitOfName = (row: number) =>
    names.ofNameAndDate(legalEntity, nameKey(rows.names[row] ?? ''), rows.birthDates[row] ?? 0, tags.subarray(row * 2));

  function nameIsSpent(row: number): boolean {
    if (hints.size === 0 && !(near?.hasTags === true && near.hasTag(tags.readUInt16BE(row * 2)))) return false;
    const unit = Buffer.alloc(UNIT_BYTES);
    unit.writeBigInt64BE(unitOfName(row));
    return isSpent(unit, 0, bounds.perName);
  }

  /** The two units of each who is guarded in this row: where they stand. */
  function* guarded(row: number, compared: boolean): Generator<readonly [Buffer, number]> {
    const from = matches.starts[row] ?? 0;
    const to = matches.starts[row + 1] ?? from;
    if (compared && to > from) for (let at = from; at < to; at++) yield [units, at * PERSON_BYTES];
    else if (strangers !== undefined) yield [strangers, row * PERSON_BYTES];
  }

  function crossingsOf(candidate: number): readonly [bigint, bigint] {
    const both = names.ofPeople(EVERYBODY, [matches.personNo[candidate] ?? 0]);
    return [both.readBigInt64BE(0), both.readBigInt64BE(UNIT_BYTES)];
  }

  function add(unit: bigint, field: number, value: bigint, crossing = 0n): void {
    const known = hints.get(unit);
    if (known?.has(value)) return;
    known?.add(value);
    const miss = misses.get(unit);
    if (miss === undefined) misses.set(unit, { field, values: new Set([value]), crossing });
    else miss.values.add(value);
  }

  return {
    /** What of the row must not be answered any more: 0 of nearly all. */
    spentOf(row: number, compared: boolean): number {
      if (near === undefined && hints.size === 0) return 0;
      let spent = 0;
      for (const [source, at] of guarded(row, compared)) {
        if (isSpent(source, at, bounds.perField)) spent |= SPENT.name;
        if (isSpent(source, at + UNIT_BYTES, bounds.perField)) spent |= SPENT.birth;
      }
      return spent !== BOTH && nameIsSpent(row) ? BOTH : spent;
    },

    /** Counts what of the row did not match. */
    note(row: number, { judgement, verdict, silent, spent, compared }: GuardedRow): void {
      if (verdict === VERDICTS.INVALID || verdict === VERDICTS.VERIFIED) return;
      const several = (matches.starts[row + 1] ?? 0) - (matches.starts[row] ?? 0) > 1;
      const whole = silent || (several && compared);
      const name = whole || judgement.nameOutcome === OUTCOMES.FALSE;
      const birth = whole || judgement.birthOutcome === OUTCOMES.FALSE;
      const missed = silent || verdict === VERDICTS.MISMATCH || verdict === VERDICTS.NOT_FOUND;
      const nameOpen = (spent & SPENT.name) === 0;
      const birthOpen = (spent & SPENT.birth) === 0;
      for (const [source, at] of guarded(row, compared)) {
        const [named, born] = source === units ? crossingsOf(at / PERSON_BYTES) : [0n, 0n];
        const [ofName, ofBirth] = [source.readBigInt64BE(at), source.readBigInt64BE(at + UNIT_BYTES)];
        if (name && nameOpen) add(ofName, GUARD_FIELDS.name, names.valueOfName(nameKey(rows.names[row] ?? '')), named);
        if (birth && birthOpen) add(ofBirth, GUARD_FIELDS.birth, names.valueOfDate(rows.birthDates[row] ?? 0), born);
      }
      if (missed && spent !== BOTH)
        add(unitOfName(row), GUARD_FIELDS.number, names.valueOfNumber(rows.identifiers[row] ?? 0));
    },

    finish(): GuardFindings {
      let count = 0;
      for (const { values } of misses.values()) count += values.size;
      const [missUnits, missValues] = [Buffer.alloc(count * UNIT_BYTES), Buffer.alloc(count * UNIT_BYTES)];
      const missCrossings = Buffer.alloc(count * UNIT_BYTES);
      const [missFields, missCounts] = [new Uint8Array(count), new Uint8Array(count)];
      let at = 0;
      for (const [unit, { field, values, crossing }] of misses) {
        for (const value of values) {
          missUnits.writeBigInt64BE(unit, at * UNIT_BYTES);
          missValues.writeBigInt64BE(value, at * UNIT_BYTES);
          missCrossings.writeBigInt64BE(crossing, at * UNIT_BYTES);
          missFields[at] = field;
          missCounts[at] = Math.min(hints.get(unit)?.size ?? 0, 255);
          at += 1;
        }
      }
      const found = {
        ...{ legalEntity, bounds, revision, units, tags },
        ...{ missUnits, missValues, missFields, missCounts, missCrossings },
      };
      if (rules.subjectScope === undefined) return found;
      // Who may not know that people exist must not see in what is left that two numbers are one person's.
      return { ...found, subjects: names.subjects(rules.subjectScope, alike ? rows.identifiers : matches.personNo) };
    },
  };
}

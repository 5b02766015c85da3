/**
 * The 22 bytes of a row's result, fixed so that length tells nothing and a row leaf is one SHA-256 block:
 * 0 verdict · 1 field results, two bits each: id, name, birth date · 2 notices, bit mask · 3 name_score · 4 score (255 none) ·
 * 5–16 reasons, bit c&7 of byte 5+(c>>3) · 17–21 current ID as a number, 40 bits little endian (0 none).
 */
import { needLength, needRange, ProofError } from './errors.ts';

export const RESULT_BYTES = 22;
export const NO_SCORE = 255;
export const LAST_VERDICT_CODE = 10;
export const REASON_CODES = 96;
export const NOTICE_BITS = 4;
export const LAST_PERSONAL_ID = 999_999_999_999;
/** 0 also stands for a result that is not granted or withheld. */
export const FIELD_RESULTS = { NONE: 0, TRUE: 1, FALSE: 2, NOT_AVAILABLE: 3 } as const;
export type FieldResult = (typeof FIELD_RESULTS)[keyof typeof FIELD_RESULTS];

export interface RowResult {
  /** Verdict code 1–10. */
  readonly verdict: number;
  readonly id: FieldResult;
  readonly name: FieldResult;
  readonly birthDate: FieldResult;
  /** Notice bit numbers 0–3, ascending from decoding. */
  readonly notices: readonly number[];
  /** 0–99, or undefined for none. */
  readonly nameScore: number | undefined;
  readonly score: number | undefined;
  /** Reason codes 0–95, ascending from decoding. */
  readonly reasons: readonly number[];
  /** The current personal ID as a number, 0 for none. */
  readonly currentId: number;
}

/** Throws RANGE for a number outside of its field. */
export function encodeResult(result: RowResult): Uint8Array {
  needRange(result.verdict, 1, LAST_VERDICT_CODE, 'verdict');
  for (const field of [result.id, result.name, result.birthDate]) needRange(field, 0, 3, 'field result');
  for (const score of [result.nameScore, result.score]) if (score !== undefined) needRange(score, 0, 99, 'score');
  needRange(result.currentId, 0, LAST_PERSONAL_ID, 'current_id');
  const words: [number, number, number] = [0, 0, 0];
  for (const reason of result.reasons) {
    needRange(reason, 0, REASON_CODES - 1, 'reason');
    words[reason >> 5]! |= 1 << (reason & 31);
  }
  let notices = 0;
  for (const notice of result.notices) {
    needRange(notice, 0, NOTICE_BITS - 1, 'notice');
    notices |= 1 << notice;
  }
  const out = Buffer.alloc(RESULT_BYTES);
  writeResult(
    out,
    0,
    result.verdict,
    packFieldResults(result.id, result.name, result.birthDate),
    notices,
    result.nameScore ?? NO_SCORE,
    result.score ?? NO_SCORE,
    ...words,
    result.currentId,
  );
  return out;
}

/** Byte 1 of a result. */
export function packFieldResults(id: FieldResult, name: FieldResult, birthDate: FieldResult): number {
  return id | (name << 2) | (birthDate << 4);
}

/**
 * Writes one result at `at` without allocating and without checks: for loops over rows whose numbers come from closed tables.
 * `reasons0` … `reasons2` are the reason bits 0–31, 32–63, 64–95; scores are 0–99 or NO_SCORE; `currentId` 0 for none.
 */
export function writeResult(
  out: Uint8Array,
  at: number,
  verdict: number,
  fieldResults: number,
  notices: number,
  nameScore: number,
  score: number,
  reasons0: number,
  reasons1: number,
  reasons2: number,
  currentId: number,
): void {
  out[at] = verdict;
  out[at + 1] = fieldResults;
  out[at + 2] = notices;
  out[at + 3] = nameScore;
  out[at + 4] = score;
  writeWord(out, at + 5, reasons0);
  writeWord(out, at + 9, reasons1);
  writeWord(out, at + 13, reasons2);
  writeWord(out, at + 17, currentId);
  out[at + 21] = currentId / 0x1_0000_0000;
}

/** The low 32 bits, little endian: shifts and byte stores both drop what lies above. */
function writeWord(out: Uint8Array, at: number, word: number): void {
  out[at] = word;
  out[at + 1] = word >>> 8;
  out[at + 2] = word >>> 16;
  out[at + 3] = word >>> 24;
}

/** Strict inverse of `encodeResult`: reserved bits must be 0. Throws LENGTH, RANGE or NOT_CANONICAL. */
export function decodeResult(bytes: Uint8Array): RowResult {
  needLength(bytes, RESULT_BYTES, 'result');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  needRange(view.getUint8(0), 1, LAST_VERDICT_CODE, 'verdict');
  const fields = view.getUint8(1);
  if (fields >> 6 !== 0) throw new ProofError('NOT_CANONICAL', 'field results');
  if (view.getUint8(2) >> NOTICE_BITS !== 0) throw new ProofError('NOT_CANONICAL', 'notices');
  const currentId = view.getUint32(17, true) + view.getUint8(21) * 0x1_0000_0000;
  needRange(currentId, 0, LAST_PERSONAL_ID, 'current_id');
  return {
    verdict: view.getUint8(0),
    id: (fields & 3) as FieldResult,
    name: ((fields >> 2) & 3) as FieldResult,
    birthDate: ((fields >> 4) & 3) as FieldResult,
    notices: bits(bytes.subarray(2, 3)),
    nameScore: readScore(view.getUint8(3)),
    score: readScore(view.getUint8(4)),
    reasons: bits(bytes.subarray(5, 17)),
    currentId,
  };
}

function readScore(byte: number): number | undefined {
  if (byte === NO_SCORE) return undefined;
  needRange(byte, 0, 99, 'score');
  return byte;
}

function bits(bytes: Uint8Array): number[] {
  const set: number[] = [];
  bytes.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) set.push(index * 8 + bit);
  });
  return set;
}

/** The look-up as the exchange needs it. `register/lookup` is the one that exists; a faster one may take its place. */
import type { Person } from '../../proto/gen/lienthong/person/v1/person_pb.js';

export const ID_KIND = { personal: 1, card: 2 } as const;
export const ID_STATUS = { current: 1, superseded: 2, cancelled: 3, contested: 4 } as const;
export const PERSON_STATUS = { alive: 1, deceased: 2, missing: 3 } as const;

/** 0..k candidates a row with their comparable values: arrays over candidates, those of row i from starts[i] to starts[i+1]. */
export interface MatchSet {
  /** Moment of the register that was read, unix seconds. */
  readonly asOf: number;
  /** Position of the register: rises with every change of it. */
  readonly position: bigint;
  readonly starts: Uint32Array;
  readonly personNo: Float64Array;
  /** ID_KIND of the number that was asked for. */
  readonly idKind: Uint8Array;
  /** ID_STATUS of the number that was asked for. */
  readonly idStatus: Uint8Array;
  /** The personal ID now in use; 0 for none. */
  readonly currentId: Float64Array;
  readonly names: readonly string[];
  /** YYYYMMDD, unknown parts 00. */
  readonly birthDate: Uint32Array;
  /** 1 male, 2 female, 0 unknown. */
  readonly sex: Uint8Array;
  /** PERSON_STATUS. */
  readonly personStatus: Uint8Array;
  /** Wrapped log keys, 16 bytes a candidate. */
  readonly logKeys: Uint8Array;
}

/** First half of a look-up: who the candidates are, and no value of theirs. */
export interface ResolvedSet {
  readonly starts: Uint32Array;
  readonly personNo: Float64Array;
  /** Wrapped log keys, 16 bytes a candidate: whoever is refused gets a leaf too. */
  readonly logKeys: Uint8Array;
}

/** A relative in the register whose data a person's fields show. */
export interface RelativeShown {
  readonly personNo: number;
  readonly logKey: Uint8Array;
  readonly fieldIds: readonly number[];
}

export interface PersonRecord {
  readonly personNo: number;
  /** Only the fields asked for are set. */
  readonly person: Person;
  /** Wrapped, 16 bytes. */
  readonly logKey: Uint8Array;
  readonly personStatus: number;
  readonly relatives: readonly RelativeShown[];
}

/** What rows need. */
export interface RowLookup {
  /** Both halves in one statement; for callers whose every basis is statute. Value 0 is nobody's. */
  matchByIdentifier(values: readonly number[]): Promise<MatchSet>;
  /** First half alone. */
  resolve(values: readonly number[]): Promise<ResolvedSet>;
  /** Second half: the comparable values of exactly those candidates. */
  matchByPerson(values: readonly number[], resolved: ResolvedSet): Promise<MatchSet>;
}

export interface RegisterLookup extends RowLookup {
  /** The people with those fields of theirs; unknown numbers are left out. */
  readPersons(personNos: readonly number[], fieldIds: readonly number[]): Promise<readonly PersonRecord[]>;
}

/** What the generators know of one synthetic person. */
import type { Commune } from './addresses.ts';
import type { Place } from './households.ts';
import type { Sex } from './names.ts';

export type LifeState = 'alive' | 'deceased' | 'missing';

/** A date as the register knows it: month and day 0 where unknown. */
export interface KnownDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Of an ID that is no longer current: replaced; cancelled and replaced; cancelled with no successor on record. */
export type FormerIdKind = 'superseded' | 'cancelled' | 'cancelled_alone';

export interface SyntheticPerson {
  readonly index: number;
  readonly personalId: string;
  /** As the register writes it, NFC. */
  readonly fullName: string;
  readonly born: KnownDate;
  readonly sex: Sex;
  /** Index into PROVINCES: where the birth was registered. */
  readonly province: number;
  readonly ethnicity: string;
  readonly life: LifeState;
  /** Nine digits each, the oldest first. */
  readonly oldNumbers: readonly string[];
  /** An ID that is no longer current, if the person had one. */
  readonly formerId: { readonly value: string; readonly kind: FormerIdKind } | undefined;
  /** Ten digits with the leading 0; empty for children and the dead. */
  readonly mobile: string;
  /** `text` is the whole address as written: detail, commune, province. */
  readonly address: { readonly detail: string; readonly commune: Commune; readonly text: string };
  readonly relation: Place['relation'];
  /** Index of the household's first member, who is its head, and the number of its members. */
  readonly household: { readonly first: number; readonly size: number };
  /** Indices of the family within the household; undefined where not of the household. */
  readonly father: number | undefined;
  readonly mother: number | undefined;
  readonly spouse: number | undefined;
}

/** The register's wider items; names are empty where the relative is not of the household. */
export interface Traits {
  readonly religion: string;
  readonly bloodType: string;
  readonly maritalStatus: 'single' | 'married' | 'divorced' | 'widowed';
  readonly fatherName: string;
  readonly motherName: string;
  readonly spouseName: string;
  readonly headName: string;
}

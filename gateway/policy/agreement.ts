/** An agreement: what one agency may do for one purpose. Its exact canonical bytes are what two officers sign. */
import { canonicalJson, type Plain } from '../signing/canonical-json.ts';
import { digestOf } from '../signing/digest.ts';
import type { Basis, Demand, Grants, Limit, Limits, Strictness, Use } from './decision.ts';

export interface AgreementField {
  readonly use: readonly Use[];
  readonly basis: Basis;
  /** Where the basis is written. Example: "Điều 4 Thông tư 08/2026". */
  readonly article?: string;
}

export interface Agreement {
  /** Code of the agreement, the same for all its versions. Example: "viettel-subscriber-verification". */
  readonly id: string;
  /** From 1, rising. */
  readonly version: number;
  readonly agency: string;
  readonly purpose: string;
  readonly purpose_text: { readonly vi: string; readonly en: string };
  /** The legal text or contract it rests on. */
  readonly citation: string;
  /** Full method paths, `/package.Service/Method`. */
  readonly methods: readonly string[];
  /** By field id in decimal. */
  readonly fields: Readonly<Record<string, AgreementField>>;
  readonly grants: Grants;
  /** Members of the request context without which a call is refused. */
  readonly demands: readonly Demand[];
  readonly strictness: Strictness;
  readonly limits: Limits & Readonly<Record<Extract<Limit, 'rows_per_job' | 'rows_per_day'>, number>>;
  /** Unix seconds, the first in force. */
  readonly valid_from: number;
  /** Unix seconds, the first no longer in force. */
  readonly valid_to: number;
  /** The vocabulary its field ids were written with. */
  readonly vocabulary_version: number;
}

/**
 * The one sequence of bytes for an agreement: JSON in UTF-8 without white space, members sorted by UTF-16 code unit, whole
 * numbers only (RFC 8785 for such values).
 */
export function agreementBytes(agreement: Agreement): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(agreement as unknown as Plain));
}

/** SHA-256 of the canonical bytes, base64url: the `dig` of an `lt-agreement+jws`. */
export function agreementDigest(bytes: Uint8Array): string {
  return digestOf(bytes);
}

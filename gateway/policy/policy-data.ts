/** The data the policy decides by. Only `buildData` makes it from agreements, after it has checked each of them. */
import type { Agreement } from './agreement.ts';

export const AGENCY_STATUS = ['active', 'suspended'] as const;

export interface Agency {
  /** Number of the legal entity all certificates of the agency must name. */
  readonly legal_entity: string;
  readonly status: (typeof AGENCY_STATUS)[number];
}

export interface Vocabulary {
  /** Version of the field registry. */
  readonly version: number;
  /** By field id in decimal. */
  readonly fields: Readonly<Record<string, { readonly path: string; readonly class: 'basic' | 'sensitive' }>>;
}

export interface PolicyData {
  readonly agencies: Readonly<Record<string, Agency>>;
  /** By agency, then purpose: an agency has one agreement a purpose. */
  readonly agreements: Readonly<Record<string, Readonly<Record<string, Agreement>>>>;
  readonly vocabulary: Vocabulary;
}

/** The agency of a code that anybody may have written: `constructor` is none. */
export function agencyIn({ agencies }: Pick<PolicyData, 'agencies'>, code: string): Agency | undefined {
  return Object.hasOwn(agencies, code) ? agencies[code] : undefined;
}

/** An agency's agreement for a purpose, both as anybody may have written them. */
export function agreementIn(
  { agreements }: Pick<PolicyData, 'agreements'>,
  agency: string,
  purpose: string,
): Agreement | undefined {
  const own = Object.hasOwn(agreements, agency) ? agreements[agency] : undefined;
  return own !== undefined && Object.hasOwn(own, purpose) ? own[purpose] : undefined;
}

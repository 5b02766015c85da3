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

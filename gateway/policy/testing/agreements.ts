/** Agreements and officers' signatures for tests; the signatures are plain texts that say what they sign. */
import { type Agreement, agreementBytes, agreementDigest } from '../agreement.ts';
import type { SignedAgreement, VerifyOfficer } from '../agreements.ts';

export function sampleAgreement(changes: Partial<Agreement> = {}): Agreement {
  return {
    id: 'sample-agreement',
    version: 1,
    agency: 'sample',
    purpose: 'sampling',
    purpose_text: { vi: 'Thử nghiệm', en: 'Trial' },
    citation: 'Luật 91/2025',
    methods: ['/a.v1.S/M'],
    fields: {
      '1': { use: ['match'], basis: 'statute' },
      '2': { use: ['match', 'release'], basis: 'consent', article: 'art. 1' },
    },
    grants: {
      field_results: true,
      score_band: false,
      exact_score: false,
      reasons: false,
      notices: false,
      existence: false,
      current_id: false,
    },
    demands: [],
    strictness: 'exact',
    limits: { rows_per_job: 1000, rows_per_day: 1000 },
    valid_from: 1_767_200_400,
    valid_to: 1_924_966_800,
    vocabulary_version: 1,
    ...changes,
  };
}

function token(officer: string, { digest, agreement, version }: Parameters<VerifyOfficer>[1]): string {
  return [officer, digest, agreement, String(version)].join('|');
}

/** A token counts where its text says exactly what is expected of it. */
export const verifyText: VerifyOfficer = (text, expected) => {
  const [officer = ''] = text.split('|');
  return text === token(officer, expected) ? { officer } : undefined;
};

export function signText(officer: string, agreement: Agreement): string {
  const digest = agreementDigest(agreementBytes(agreement));
  return token(officer, { digest, agreement: agreement.id, version: agreement.version });
}

export function signed(
  agreement: Agreement,
  officers: readonly string[] = ['officer-a', 'officer-b'],
): SignedAgreement {
  return {
    bytes: agreementBytes(agreement),
    signatures: officers.map((officer) => signText(officer, agreement)),
  };
}

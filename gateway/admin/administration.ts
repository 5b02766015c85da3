/** The agreement that lets officers call at all: written with the first two of them, signed by both. */
import { ADMINISTRATION_METHODS } from '../acts/administration.ts';
import { ADMINISTRATION, OPERATOR } from '../acts/book.ts';
import type { Agreement } from '../policy/agreement.ts';
import { GRANTS } from '../policy/decision.ts';

export const ADMINISTRATION_PURPOSE = 'administration';
/** It has to outlive everybody's forgetting: with it gone, nobody could renew it. */
const YEARS = 30;

/** @param now unix seconds. It grants no field of anybody. */
export function administrationAgreement(now: number): Agreement {
  return {
    id: ADMINISTRATION,
    version: 1,
    agency: OPERATOR,
    purpose: ADMINISTRATION_PURPOSE,
    purpose_text: {
      vi: 'Quản trị cơ quan, thỏa thuận và khóa của hệ thống',
      en: "Administration of the deployment's agencies, agreements and keys",
    },
    citation: 'Luật Căn cước 26/2023/QH15; khoản 1 Điều 19 Luật 91/2025/QH15',
    methods: ADMINISTRATION_METHODS,
    fields: {},
    grants: Object.fromEntries(GRANTS.map((name) => [name, false])) as Agreement['grants'],
    demands: ['officer_code'],
    strictness: 'exact',
    limits: { rows_per_job: 0, rows_per_day: 0 },
    valid_from: now,
    valid_to: now + YEARS * 366 * 86_400,
    vocabulary_version: 1,
  };
}

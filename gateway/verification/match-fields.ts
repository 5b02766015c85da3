import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { maskViolations, type Violation } from '../errors/violations.ts';
import { fieldSet } from '../fields/field-set.ts';
import { expandMask, MOST_PATHS, toPaths } from '../fields/mask.ts';

/** personal_id, full_name, date_of_birth: what rows are compared on, all three (habit of the field: all must agree). */
export const COMPARED_FIELDS = [1, 2, 3] as const;

/** The fields a request asks to be matched on. Empty means all three; fewer or others are refused by name. */
export function matchFields(mask: FieldMask | undefined): { fields: readonly number[]; violations: Violation[] } {
  if (mask === undefined || mask.paths.length === 0) return { fields: COMPARED_FIELDS, violations: [] };
  if (mask.paths.length > MOST_PATHS) return { fields: [], violations: [{ field: 'match_mask', rule: 'TOO_MANY' }] };
  const { fields, problems } = expandMask(mask.paths);
  const compared: readonly number[] = COMPARED_FIELDS;
  const others = fields.filter((id) => !compared.includes(id));
  const missing = compared.filter((id) => !fields.includes(id));
  const violations = [
    ...maskViolations('match_mask', problems),
    ...toPaths(fieldSet(others)).map((field) => ({ field, rule: 'UNSUPPORTED' as const })),
    ...toPaths(fieldSet(missing)).map((field) => ({ field, rule: 'REQUIRED' as const })),
  ];
  return { fields, violations };
}

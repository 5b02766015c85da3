import { FieldClass } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import type { Vocabulary } from './policy-data.ts';

/** The field registry as policy data: what the policy does not find here it never grants. */
export function policyVocabulary(
  leaves: readonly { readonly id: number; readonly path: string; readonly class: FieldClass }[],
  version: number,
): Vocabulary {
  const fields = leaves.map(({ id, path, class: kind }) => {
    // Whatever is not stated to be basic is treated as sensitive.
    const named = { path, class: kind === FieldClass.BASIC ? ('basic' as const) : ('sensitive' as const) };
    return [String(id), named] as const;
  });
  return { version, fields: Object.fromEntries(fields) };
}

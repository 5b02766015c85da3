import { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';

export const PERSONAL_ID = 1;
const LIFE_STATUS = 44;

/** The field that a notice tells of; none where the register holds no such field. */
const FIELD_OF: Readonly<Record<Notice, number | undefined>> = {
  [Notice.UNSPECIFIED]: undefined,
  [Notice.DECEASED]: LIFE_STATUS,
  [Notice.ID_SUPERSEDED]: PERSONAL_ID,
  [Notice.MISSING]: LIFE_STATUS,
  [Notice.UNDER_INVESTIGATION]: undefined,
};

const NOTICES = Object.keys(FIELD_OF).map(Number) as Notice[];

/** The notices of a row's result: bit n is notice n + 1. */
export function noticesOf(bits: number): Notice[] {
  return NOTICES.filter((notice) => notice > 0 && (bits & (1 << (notice - 1))) !== 0);
}

/**
 * Field ids with those that notices tell of, ascending and once each: what left, for the leaf and the entry, though nobody asked for
 * it by name.
 */
export function withNoticeFields(fields: readonly number[], notices: readonly Notice[]): number[] {
  const told = notices.flatMap((notice) => FIELD_OF[notice] ?? []);
  return [...new Set([...fields, ...told])].sort((a, b) => a - b);
}

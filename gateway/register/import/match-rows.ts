/** `person_match` from `identifier` and `person`: what a look-up sees. `match-run.ts` says the same of the bytes of a first load. */

import { MATCH_COLUMNS } from './match-bytes.ts';

/** Rows of `person_match` for identifiers `i` of persons `p`; to be completed by FROM. */
export const MATCH_ROW = `SELECT i.value, p.person_no,
    CASE WHEN p.id_status <> 3 AND i.value <> p.personal_id THEN p.personal_id ELSE 0 END AS current_id,
    coalesce(p.date_of_birth, 0) AS birth_date, i.kind, i.status AS id_status, coalesce(p.sex, 0)::smallint AS sex,
    p.life_status AS person_status, p.log_key, p.full_name AS name`;

/** Inserts in order of the value, which is the order that look-ups read in. `from`: FROM and WHERE for `i` and `p`. */
export function insertMatches(from: string): string {
  return `INSERT INTO person_match (${MATCH_COLUMNS}) ${MATCH_ROW} ${from} ORDER BY value`;
}

/** Resolves relatives' numbers that belong to exactly one person; \`which\`: a condition on relation \`r\`. */
export function resolveRelatives(which: string): string {
  return `UPDATE relation r SET relative_no = m.person_no
    FROM (SELECT value, min(person_no) AS person_no FROM person_match
          WHERE value IN (SELECT r.relative_id FROM relation r WHERE r.relative_id IS NOT NULL AND (${which}))
          GROUP BY value HAVING count(DISTINCT person_no) = 1) m
    WHERE r.relative_id = m.value AND r.relative_no IS DISTINCT FROM m.person_no AND (${which})`;
}

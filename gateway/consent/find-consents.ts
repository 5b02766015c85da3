/** Who of many people has a consent in force for one recipient and purpose, in one statement and so in one snapshot. */
import type { LostKey } from '../acts/book.ts';
import type { ConsentsFound, FindConsents, PersonConsent } from '../exchange/consent.ts';
import { int8Array } from '../register/int8-array.ts';
import type { Database } from '../storage/pool.ts';

/**
 * One row, each column one value: person, scope, and the consent where it bounds its uses (else 0), ascending by person and the
 * unbounded first. What covers only a part comes beside it, with its fields.
 */
const find = (name: string, provenOnly: string) => ({
  name,
  text: `SELECT coalesce((SELECT max(revision) FROM change), 0)::text,
    string_agg(person_no || ',' || scope_no || ',' || counted, ',' ORDER BY person_no, counted) FILTER (WHERE whole AND counts),
    json_agg(json_build_array(person_no, scope_no, counted, field_ids) ORDER BY person_no, counted) FILTER (WHERE NOT whole AND counts)::text,
    count(*) FILTER (WHERE NOT counts)::integer
  FROM (
    SELECT f.person_no, f.scope_no, CASE f.use_quota WHEN 0 THEN 0 ELSE f.consent_no END AS counted, f.field_ids,
           f.field_ids @> $3::integer[] AS whole, f.use_quota = 0 OR u.uses < u.use_quota OR $6::boolean AS counts
    FROM consent_in_force f LEFT JOIN consent_uses u ON f.use_quota > 0 AND u.consent_no = f.consent_no
    WHERE f.use_no = (SELECT use_no FROM consent_use WHERE recipient = $1 AND purpose = $2)
      AND f.person_no = ANY ($4::bigint[])
      AND f.valid_from <= $5::bigint AND f.expires_at > $5::bigint
      AND f.field_ids && $3::integer[] ${provenOnly}
  ) found`,
});
const FIND = find('consent-find', '');
/** The same without what was granted under keys that others had by then; apart, so that nobody pays for it while there are none. */
const FIND_PROVEN = find(
  'consent-find-proven',
  `AND NOT EXISTS (SELECT FROM consent c JOIN unnest($7::text[], $8::float8[]) AS lost (kid, since) ON lost.kid = c.issuer_key
        WHERE c.consent_no = f.consent_no AND extract(epoch FROM c.granted_at) >= lost.since)`,
);

type Answer = [revision: string, whole: string | null, parts: string | null, usedUp: number];
type Part = [personNo: number, scopeNo: number, counted: number, fieldIds: number[]];

const COVERED: readonly number[] = [];

export function createFindConsents(
  db: Database,
  nowSeconds: () => number,
  lostKeys: () => readonly LostKey[],
): FindConsents {
  return async ({ recipient, purpose, fields, usedUp }, personNos) => {
    const asked = new Float64Array(new Set(personNos)).sort();
    const values = [recipient, purpose, fields, int8Array(asked), Math.floor(nowSeconds()), usedUp === true];
    const lost = lostKeys();
    const statement =
      lost.length === 0
        ? { ...FIND, values }
        : { ...FIND_PROVEN, values: [...values, lost.map(({ kid }) => kid), lost.map(({ since }) => since)] };
    const { rows } = await db.query<Answer>({ ...statement, rowMode: 'array' });
    const [revision, whole, parts, leftOut] = rows[0] ?? ['0', null, null, 0];
    const people = new Map<number, PersonConsent>();
    readWhole(whole ?? '', people);
    if (parts !== null) readParts(JSON.parse(parts) as Part[], fields, people);
    return { revision: BigInt(revision), people, usedUp: leftOut } satisfies ConsentsFound;
  };
}

/** One consent that covers all is enough, and one that is not counted is rather stood on. */
function readWhole(text: string, people: Map<number, PersonConsent>): void {
  const numbers = text === '' ? [] : text.split(',');
  for (let at = 0; at < numbers.length; at += 3) {
    const personNo = Number(numbers[at]);
    if (people.has(personNo)) continue;
    const consentNo = Number(numbers[at + 2]);
    people.set(personNo, {
      scopeNo: Number(numbers[at + 1]),
      missing: COVERED,
      counted: consentNo === 0 ? COVERED : [consentNo],
    });
  }
}

/** Several consents may cover together what none does alone; those that add nothing are not stood on. */
function readParts(parts: readonly Part[], needed: readonly number[], people: Map<number, PersonConsent>): void {
  for (const [personNo, scopeNo, consentNo, fieldIds] of parts) {
    const known = people.get(personNo);
    const missing = (known?.missing ?? needed).filter((id) => !fieldIds.includes(id));
    if (known !== undefined && missing.length === known.missing.length) continue;
    const counted = [...(known?.counted ?? []), ...(consentNo === 0 ? [] : [consentNo])];
    people.set(personNo, { scopeNo, missing, counted });
  }
}

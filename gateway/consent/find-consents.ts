/** Who of many people has a consent in force for one recipient and purpose, in one statement and so in one snapshot. */
import type { LostKey } from '../acts/book.ts';
import type { ConsentsFound, ConsentUse, FindConsents, PersonConsent } from '../exchange/consent.ts';
import { gatherQuestions, SINGLE_UP_TO } from '../register/gather-questions.ts';
import { int8Array } from '../storage/int8-array.ts';
import type { Database } from '../storage/pool.ts';
import { readNumbers } from '../storage/read-numbers.ts';

/**
 * One row, each column one value: person, scope, and the consent where it bounds its uses (else 0). What covers only a part comes beside
 * it, with its fields; then the people of consents that are used up, and last when the first of the others ends. Nothing is ordered here: it would sort every row for the few with
 * several. OFFSET keeps what is worked out of a row from being worked out for every column; a consent that bounds nothing looks up no
 * uses, because no key equals NULL.
 */
const statementOf = (name: string, provenOnly: string) => ({
  name,
  text: `SELECT coalesce((SELECT max(revision) FROM change), 0)::text,
    string_agg(concat_ws(',', person_no, scope_no, counted), ',') FILTER (WHERE part IS NULL AND counts),
    json_agg(json_build_array(person_no, scope_no, counted, part)) FILTER (WHERE part && $3::integer[] AND counts)::text,
    string_agg(person_no::text, ',') FILTER (WHERE NOT counts AND (part IS NULL OR part && $3::integer[])),
    (min(expires_at) FILTER (WHERE counts))::float8
  FROM (
    SELECT f.person_no, f.scope_no, f.expires_at, CASE f.use_quota WHEN 0 THEN 0 ELSE f.consent_no END AS counted,
           CASE WHEN f.field_ids @> $3::integer[] THEN NULL ELSE f.field_ids END AS part,
           f.use_quota = 0 OR u.uses < u.use_quota OR $6::boolean AS counts
    FROM consent_in_force f
    LEFT JOIN consent_uses u ON u.consent_no = CASE WHEN f.use_quota > 0 THEN f.consent_no END
    WHERE f.use_no = (SELECT use_no FROM consent_use WHERE recipient = $1 AND purpose = $2)
      AND f.person_no = ANY ($4::bigint[])
      AND f.valid_from <= $5::bigint AND f.expires_at > $5::bigint
      ${provenOnly}
     OFFSET 0
  ) found`,
});
const FIND = statementOf('consent-find', '');
/** The same without what was granted under keys that others had by then; apart, so that nobody pays for it while there are none. */
const FIND_PROVEN = statementOf(
  'consent-find-proven',
  `AND NOT EXISTS (SELECT FROM consent c JOIN unnest($7::text[], $8::float8[]) AS lost (kid, since) ON lost.kid = c.issuer_key
        WHERE c.consent_no = f.consent_no AND extract(epoch FROM c.granted_at) >= lost.since)`,
);

type Answer = [
  revision: string,
  whole: string | null,
  parts: string | null,
  usedUp: string | null,
  until: number | null,
];
type Part = [personNo: number, scopeNo: number, counted: number, fieldIds: number[]];

interface Found extends Pick<ConsentsFound, 'revision' | 'until'> {
  readonly people: Map<number, PersonConsent>;
  /** People of the consents that are left out, once each. */
  readonly usedUp: Float64Array;
}

const COVERED: readonly number[] = [];

export function createFindConsents(
  db: Database,
  nowSeconds: () => number,
  lostKeys: () => readonly LostKey[],
): FindConsents {
  const find = async (use: ConsentUse, personNos: Float64Array): Promise<Found> => {
    const { recipient, purpose, fields, usedUp } = use;
    const asked = int8Array(ascending(personNos));
    const values = [recipient, purpose, fields, asked, Math.floor(nowSeconds()), usedUp === true];
    const lost = lostKeys();
    const statement =
      lost.length === 0
        ? { ...FIND, values }
        : { ...FIND_PROVEN, values: [...values, lost.map(({ kid }) => kid), lost.map(({ since }) => since)] };
    const { rows } = await db.query<Answer>({ ...statement, rowMode: 'array' });
    const [revision, whole, parts, leftOut, until] = rows[0] ?? ['0', null, null, null, null];
    const people = new Map<number, PersonConsent>();
    readWhole(readNumbers(whole ?? ''), people);
    if (parts !== null) readParts(JSON.parse(parts) as Part[], fields, people);
    return {
      ...{ revision: BigInt(revision), people, usedUp: readNumbers(leftOut ?? '') },
      until: until ?? Number.POSITIVE_INFINITY,
    };
  };
  const single = gatherQuestions<Question, ConsentsFound>(
    ({ personNos }) => personNos.length,
    (questions) => findTogether(questions, find),
  );
  return async (use, personNos) => {
    if (personNos.length <= SINGLE_UP_TO) return single.ask({ use, personNos });
    const found = await find(use, personNos);
    return { ...found, usedUp: found.usedUp.length };
  };
}

interface Question {
  readonly use: ConsentUse;
  readonly personNos: Float64Array;
}

/** A statement for each use that is asked about, and to each question what is of its own people. */
async function findTogether(
  questions: readonly Question[],
  find: (use: ConsentUse, personNos: Float64Array) => Promise<Found>,
): Promise<ConsentsFound[]> {
  const byUse = Map.groupBy(questions, ({ use }) => JSON.stringify(use));
  const answers = new Map<Question, ConsentsFound>();
  await Promise.all(
    [...byUse.values()].map(async (same) => {
      const [first] = same;
      if (first === undefined) return;
      const all = Float64Array.from(same.flatMap(({ personNos }) => [...personNos]));
      const { revision, people, usedUp, until } = await find(first.use, all);
      for (const question of same) {
        const own = new Set(question.personNos);
        answers.set(question, {
          // Of all who were asked about together: at worst an answer is judged anew before it has to be.
          ...{ revision, until },
          people: new Map([...own].flatMap((personNo) => pairOf(personNo, people.get(personNo)))),
          usedUp: usedUp.reduce((count, personNo) => count + (own.has(personNo) ? 1 : 0), 0),
        });
      }
    }),
  );
  return questions.map((question) => answers.get(question) as ConsentsFound);
}

const pairOf = (personNo: number, consent: PersonConsent | undefined): [number, PersonConsent][] =>
  consent === undefined ? [] : [[personNo, consent]];

/** Each number once. */
function ascending(numbers: Float64Array): Float64Array {
  const sorted = numbers.slice().sort();
  let end = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[end++] = sorted[at] ?? 0;
  }
  return sorted.subarray(0, end);
}

/** One consent that covers all is enough, and one that is not counted is rather stood on, else the first that was given. */
function readWhole(numbers: Float64Array, people: Map<number, PersonConsent>): void {
  for (let at = 0; at < numbers.length; at += 3) {
    const personNo = numbers[at] ?? 0;
    const consentNo = numbers[at + 2] ?? 0;
    const known = people.get(personNo);
    if (known !== undefined && (known.counted[0] ?? 0) <= consentNo) continue;
    const counted = consentNo === 0 ? COVERED : [consentNo];
    people.set(personNo, { scopeNo: numbers[at + 1] ?? 0, missing: COVERED, counted });
  }
}

/** Several consents may cover together what none does alone; those that add nothing are not stood on. */
function readParts(parts: readonly Part[], needed: readonly number[], people: Map<number, PersonConsent>): void {
  const ordered = parts.toSorted(([one, , first], [other, , second]) => one - other || first - second);
  for (const [personNo, scopeNo, consentNo, fieldIds] of ordered) {
    const known = people.get(personNo);
    const missing = (known?.missing ?? needed).filter((id) => !fieldIds.includes(id));
    if (known !== undefined && missing.length === known.missing.length) continue;
    const counted = [...(known?.counted ?? []), ...(consentNo === 0 ? [] : [consentNo])];
    people.set(personNo, { scopeNo, missing, counted });
  }
}

/** Asked of the register itself: a copy of what it holds, its correction, its deletion. Recorded and acknowledged in one; an officer decides. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  ClaimActSchema,
  ClaimRightRequestSchema,
  ClaimRightResponseSchema,
  MatterKind,
  MatterState,
  type Receipt,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { AssuranceLevel } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { byTheirAct } from '../acting/acting-person.ts';
import { lookedAt } from '../acting/own-look.ts';
import { mustBeAssured } from '../acting/subject.ts';
import { maskViolations, type Violation } from '../errors/violations.ts';
import { aboutNobody } from '../exchange/about-nobody.ts';
import type { Effect } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { decodeRequest } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { expandMask, MOST_PATHS, toShortMask } from '../fields/mask.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import { actOf, readPersonRequest } from './act-of.ts';
import { OF_PERSON, SCOPE, scopeEffects } from './consent-store.ts';
import { CONSENT_SERVICE, type ConsentDeps } from './deps.ts';
import { mayAskToday, mayWait } from './most-matters.ts';
import { clocksOf, type MatterRow, SELECT_MATTERS, toReceipts } from './receipts.ts';

const METHOD = `${CONSENT_SERVICE}/ClaimRight`;
const CLAIMS: readonly MatterKind[] = [MatterKind.PROVISION, MatterKind.CORRECTION, MatterKind.DELETION];
/** How a scope says that it is of no recipient's: no agency and no purpose has an empty code. */
export const THE_REGISTER = '';
const RETRY_MS = 500;

export function createClaimRight(deps: ConsentDeps): UnaryMethod {
  return {
    path: METHOD,
    read(message) {
      const request = readPersonRequest(decodeRequest(ClaimRightRequestSchema, message), ClaimActSchema);
      const { context, act } = request;
      const { kind } = act;
      const fields = fieldsOf(kind, act.fields?.paths ?? []);
      return aboutNobody(context, async ({ caller, digest }) => {
        // It decides nothing yet: whoever may look may ask.
        const call = { method: METHOD, agency: caller.agency, about: act.about, concert: 'any' as const };
        const { acting, subject } = actOf(deps, request, call);
        mustBeAssured(acting, AssuranceLevel.TWO);
        const { personNo, people } = await lookedAt(deps.lookup, subject);
        const theirs = byTheirAct(acting);
        const common = { requestId: context.requestId, blind: drawRandom(16) };
        const same = await openClaim(deps, { kind, personNo, fields });
        if (same !== undefined) {
          const response = create(ClaimRightResponseSchema, { ...common, receipt: same });
          // Whoever asked first may have been told nothing, because no head could be kept.
          return {
            payload: toBinary(ClaimRightResponseSchema, response),
            people,
            ...theirs,
            beforeTold: () => keepHead(deps),
          };
        }
        const claim = {
          ...{ kind, personNo, fields, receiptId: drawRandom(16), entryId: drawEntryId() },
          ...{ requestDigest: Buffer.from(digest, 'base64url'), now: Math.floor(deps.nowSeconds()) },
        };
        const at = BigInt(claim.now);
        const response = create(ClaimRightResponseSchema, {
          ...common,
          receipt: {
            ...{
              receiptId: claim.receiptId,
              kind,
              state: MatterState.ACKNOWLEDGED,
              recordedAt: at,
              acknowledgedAt: at,
            },
            ...{ entryId: claim.entryId, acknowledgementEntryId: claim.entryId },
            clocks: clocksOf(kind, claim.now, { acknowledgedAt: claim.now, settledAt: 0, extended: false }),
            fields: { paths: toShortMask(fields) },
          },
        });
        return {
          payload: toBinary(ClaimRightResponseSchema, response),
          people,
          entryId: claim.entryId,
          effects: [
            ...mustBeNew(claim),
            mayWait(personNo),
            mayAskToday(personNo),
            ...theirs.effects,
            ...claimEffects(claim),
          ],
          standsOn: theirs.standsOn,
          beforeTold: () => keepHead(deps),
        };
      });
    },
  };
}

/** A head is kept every second. */
const KEEP_RETRY_MS = 1000;

/**
 * Whoever is told that a request is acknowledged finds it noticed when the log is set back to before it. Those who ask at the same
 * moment share a head, and where none can be kept the same call once more is the same request.
 * @throws {CallRefused} STORAGE_UNAVAILABLE
 */
export async function keepHead({ keepFirst }: Pick<ConsentDeps, 'keepFirst'>): Promise<void> {
  await keepFirst().catch(() => {
    throw new CallRefused(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: KEEP_RETRY_MS });
  });
}

/** Field ids. @throws {CallRefused} BAD_REQUEST */
function fieldsOf(kind: MatterKind, paths: readonly string[]): readonly number[] {
  const { fields, problems } = expandMask(paths.slice(0, MOST_PATHS));
  const violations: Violation[] = maskViolations('act.fields', problems);
  if (paths.length > MOST_PATHS) violations.push({ field: 'act.fields', rule: 'TOO_MANY' });
  if (!CLAIMS.includes(kind)) violations.push({ field: 'act.kind', rule: 'UNKNOWN_VALUE' });
  if (kind === MatterKind.CORRECTION && paths.length === 0) violations.push({ field: 'act.fields', rule: 'REQUIRED' });
  if (violations.length > 0) throw new CallRefused(ErrorReason.BAD_REQUEST, { violations });
  return fields;
}

interface Claim {
  readonly kind: MatterKind;
  readonly personNo: number;
  readonly fields: readonly number[];
  readonly receiptId: Buffer;
  readonly requestDigest: Buffer;
  readonly entryId: Buffer;
  readonly now: number;
}

type Asked = Pick<Claim, 'kind' | 'personNo' | 'fields'>;

/** Open requests of a person ($1), in whichever record of theirs, of this kind ($2) about exactly these fields ($3). */
const SAME = `SELECT m.receipt_id FROM consent_scope s JOIN consent_use u USING (use_no)
  JOIN matter_open o USING (scope_no) JOIN consent_matter m USING (receipt_id)
  WHERE ${OF_PERSON} AND u.recipient = '${THE_REGISTER}' AND u.purpose = '${THE_REGISTER}'
    AND o.kind = $2::integer AND m.field_ids = $3::integer[]`;
const sameOf = ({ kind, personNo, fields }: Asked) => [personNo, kind, fields];

/**
 * The receipt of what the person asked already and nobody has decided: asked again it is no second request, whose period would begin
 * later, and hundreds of one person's are none that officers have to look through.
 */
async function openClaim(deps: ConsentDeps, asked: Asked): Promise<Receipt | undefined> {
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} WHERE m.receipt_id = ANY (ARRAY(${SAME})) ORDER BY m.recorded_at LIMIT 1`,
    sameOf(asked),
  );
  return (await toReceipts(rows, deps))[0];
}

const CLAIMING = 4_919_015;
/** Either of them: the same once more, when the other is recorded, finds it. */
const SENT_AGAIN = { reason: ErrorReason.STORAGE_UNAVAILABLE, facts: { retryAfterMs: RETRY_MS } } as const;

/**
 * Of the same at the same moment one is recorded, whichever gateways take them; the other is sent again and finds it. Before their
 * proofs, which count once. Whoever comes while another gateway records one of this person and kind does not wait for it: of two that
 * wait, each for what the other holds, neither would end. Held until it is committed, and looked at in a statement of its own, which
 * sees what was.
 */
const mustBeNew = (asked: Asked): Effect[] => [
  {
    text: `SELECT 1 WHERE pg_try_advisory_xact_lock(${CLAIMING}, hashtext($1))`,
    values: [`${asked.personNo}/${asked.kind}`],
    orRefuse: SENT_AGAIN,
  },
  { text: `SELECT 1 WHERE NOT EXISTS (${SAME})`, values: sameOf(asked), orRefuse: SENT_AGAIN },
];

function claimEffects({ kind, personNo, fields, receiptId, requestDigest, entryId, now }: Claim): Effect[] {
  return [
    ...scopeEffects(personNo, THE_REGISTER, THE_REGISTER),
    {
      text: `WITH ${SCOPE}, matter AS (
  INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, field_ids, entry_id, recorded_at)
  SELECT $4::bytea, $5, $6::integer, s.scope_no, '{}', 0, $7::integer[], $8::bytea,
         to_timestamp($9::bigint)
  FROM s RETURNING receipt_id, scope_no, recorded_at
), acknowledged AS (
  INSERT INTO consent_acknowledgement (receipt_id, entry_id, acknowledged_at) SELECT receipt_id, $8::bytea, recorded_at FROM matter
)
INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at) SELECT receipt_id, scope_no, $6::integer, recorded_at FROM matter`,
      values: [personNo, THE_REGISTER, THE_REGISTER, receiptId, requestDigest, kind, fields, entryId, now],
    },
  ];
}

import { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { STAGES, type Stage } from '../exchange/stage-names.ts';

/**
 * The stage that refuses for a reason; where several can, the first of them. Undefined: any can, and the entry does not tell.
 * REVOKED may also have come in `record`, of whoever was barred between the decision and the append; STORAGE_UNAVAILABLE and
 * LIMITED in `fetch`.
 */
export const STAGE_OF_REASON: Readonly<Record<SentReason, Stage | undefined>> = {
  [ErrorReason.CERTIFICATE_UNKNOWN]: 'authenticate',
  [ErrorReason.REVOKED]: 'authenticate',
  [ErrorReason.SIGNATURE_MISSING]: 'verify',
  [ErrorReason.SIGNATURE_MALFORMED]: 'verify',
  [ErrorReason.KEY_UNKNOWN]: 'verify',
  [ErrorReason.SIGNATURE_INVALID]: 'verify',
  [ErrorReason.AUDIENCE_WRONG]: 'verify',
  [ErrorReason.BINDING_WRONG]: 'verify',
  [ErrorReason.DIGEST_MISMATCH]: 'verify',
  [ErrorReason.CLOCK]: 'verify',
  [ErrorReason.REPLAYED]: 'record',
  [ErrorReason.BAD_REQUEST]: 'verify',
  [ErrorReason.FIELD_UNKNOWN]: 'verify',
  [ErrorReason.NOT_AGREED]: 'decide',
  [ErrorReason.CONTEXT_MISSING]: 'decide',
  [ErrorReason.FIELD_NOT_GRANTED]: 'decide',
  [ErrorReason.CONSENT_MISSING]: 'consent',
  [ErrorReason.PERSON_NOT_FOUND]: 'fetch',
  [ErrorReason.PERSON_AMBIGUOUS]: 'fetch',
  [ErrorReason.JOB_UNKNOWN]: 'filter',
  [ErrorReason.JOB_STATE]: undefined,
  [ErrorReason.CONTENT_CHANGED]: 'record',
  [ErrorReason.STREAM_PROTOCOL]: 'verify',
  [ErrorReason.LIMITED]: 'record',
  [ErrorReason.STORAGE_UNAVAILABLE]: 'record',
  [ErrorReason.POLICY_UNAVAILABLE]: 'decide',
  [ErrorReason.DRAINING]: undefined,
  [ErrorReason.INTERNAL]: undefined,
  [ErrorReason.LOG_BROKEN]: 'record',
  [ErrorReason.LOG_POSITION_UNKNOWN]: 'filter',
  [ErrorReason.AGREEMENT_CHANGED]: 'record',
  [ErrorReason.ANSWER_GONE]: 'record',
  [ErrorReason.ENCRYPTION_KEY_MISSING]: 'decide',
  [ErrorReason.ROLE_MISSING]: 'filter',
  [ErrorReason.OFFICER_NOT_INDEPENDENT]: 'filter',
  [ErrorReason.SECOND_OFFICER_NEEDED]: 'record',
  [ErrorReason.PROPOSAL_UNKNOWN]: 'filter',
  [ErrorReason.PROPOSAL_STATE]: 'record',
  [ErrorReason.PROPOSAL_WRONG]: 'filter',
  [ErrorReason.OFFICER_SIGNATURE_WRONG]: 'filter',
  [ErrorReason.MATTER_UNKNOWN]: 'filter',
  [ErrorReason.MATTER_STATE]: 'record',
  [ErrorReason.ASSERTION_INVALID]: 'filter',
  [ErrorReason.ASSERTION_EXPIRED]: 'filter',
  [ErrorReason.PERSON_PROOF_WRONG]: 'filter',
  [ErrorReason.NOT_REPRESENTED]: 'filter',
  [ErrorReason.SECOND_ACT_NEEDED]: 'filter',
  [ErrorReason.ASSURANCE_TOO_LOW]: 'filter',
  [ErrorReason.CONSENT_INVALID]: 'filter',
  [ErrorReason.CONSENT_ISSUER_IS_RECIPIENT]: 'filter',
  [ErrorReason.CONSENT_BUNDLED]: 'filter',
  [ErrorReason.CONSENT_OPEN_ENDED]: 'filter',
  [ErrorReason.CONSENT_NOT_FREE]: 'filter',
  [ErrorReason.CONSENT_NOT_AGREED]: 'filter',
  [ErrorReason.CONSENT_FIELDS_NOT_AGREED]: 'filter',
  [ErrorReason.CONSENT_USED]: 'record',
  [ErrorReason.CONSENT_WITHDRAWN]: 'record',
  [ErrorReason.CONSENT_UNKNOWN]: 'filter',
  [ErrorReason.NOTHING_TO_WITHDRAW]: 'record',
};

/** `unknown`: it was refused, and where is not told. An entry that stands was signed afterwards or never left. */
export type StageOutcome = 'passed' | 'refused' | 'not-reached' | 'unknown';

const ANSWERED: ReadonlySet<EntryKind> = new Set([
  EntryKind.UNARY,
  EntryKind.CHUNK,
  EntryKind.REDELIVERY,
  EntryKind.CONSENT,
]);

/** What became of each stage of a call or chunk, as its entry tells; undefined for entries of other kinds. */
export function stageOutcomes(
  kind: EntryKind,
  reason: ErrorReason,
): readonly { readonly stage: Stage; readonly outcome: StageOutcome }[] | undefined {
  const answered = ANSWERED.has(kind);
  if (!answered && kind !== EntryKind.REFUSAL) return undefined;
  if (answered) return STAGES.map((stage) => ({ stage, outcome: 'passed' }));
  const refusedBy = STAGE_OF_REASON[reason as SentReason];
  if (refusedBy === undefined) return STAGES.map((stage) => ({ stage, outcome: 'unknown' }));
  const at = STAGES.indexOf(refusedBy);
  return STAGES.map((stage, i) => ({ stage, outcome: i < at ? 'passed' : i === at ? 'refused' : 'not-reached' }));
}

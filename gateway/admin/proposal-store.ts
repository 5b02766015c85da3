/** Proposals as they are stored. Rows are added and never changed; a decision wins once, whoever else decides at that moment. */
import { type Proposal, ProposalKind, ProposalState } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { readAct } from '../acts/act.ts';
import { OPEN_DAYS } from '../acts/open-proposals.ts';
import type { Effect } from '../exchange/log-port.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import type { Database } from '../storage/pool.ts';
import { subjectOf } from './subject-of.ts';

export interface StoredProposal {
  readonly digest: string;
  readonly kind: 'act' | 'agreement';
  readonly body: Buffer;
  readonly officer: string;
  readonly signature: string;
  /** Unix seconds. */
  readonly at: number;
  readonly outcome: 'approved' | 'alone' | 'rejected' | null;
  readonly decider: string | null;
  readonly decided: number | null;
  readonly expired: boolean;
}

const SELECT = `SELECT a.digest, a.kind, a.body, a.officer, a.signature, extract(epoch FROM a.at)::float8 AS at,
  d.outcome, d.officer AS decider, extract(epoch FROM d.at)::float8 AS decided,
  a.at < clock_timestamp() - interval '${OPEN_DAYS} days' AS expired
FROM act a LEFT JOIN act_decision d USING (digest)`;

export async function findProposal(db: Database, digest: string): Promise<StoredProposal | undefined> {
  return (await db.query<StoredProposal>(`${SELECT} WHERE a.digest = $1`, [digest])).rows[0];
}

const NEWEST = 'a.at DESC, a.digest';
/** In turns of their proposers: whoever proposes hundreds hides nobody's that waits for an approval. */
const OPEN = `WHERE a.digest IN (
  SELECT a.digest FROM act a LEFT JOIN act_decision d USING (digest)
  WHERE d.digest IS NULL AND a.at >= clock_timestamp() - interval '${OPEN_DAYS} days'
  ORDER BY row_number() OVER (PARTITION BY a.officer ORDER BY ${NEWEST}), ${NEWEST} LIMIT $1)`;

/** The newest first, `most` at most. */
export async function listProposals(db: Database, openOnly: boolean, most: number): Promise<StoredProposal[]> {
  const { rows } = await db.query<StoredProposal>(`${SELECT} ${openOnly ? OPEN : ''} ORDER BY ${NEWEST} LIMIT $1`, [
    most,
  ]);
  return rows;
}

export type NewProposal = Pick<StoredProposal, 'digest' | 'kind' | 'officer' | 'signature'> & {
  readonly body: Uint8Array;
};

/** Refuses where the same bytes were proposed before. */
export function proposalEffect({ digest, kind, body, officer, signature }: NewProposal): Effect {
  return {
    text: `INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT DO NOTHING RETURNING 1`,
    values: [digest, kind, Buffer.from(body), officer, signature],
    orRefuse: { reason: ErrorReason.PROPOSAL_STATE },
  };
}

/** Refuses where it is decided or expired. */
export function decisionEffect(decision: {
  readonly digest: string;
  readonly outcome: 'approved' | 'alone' | 'rejected';
  readonly officer: string;
  readonly signature: string | null;
}): Effect {
  const { digest, outcome, officer, signature } = decision;
  return {
    text: `INSERT INTO act_decision (digest, outcome, officer, signature)
           SELECT digest, $2, $3, $4 FROM act
           WHERE digest = $1 AND at >= clock_timestamp() - interval '${OPEN_DAYS} days'
           ON CONFLICT DO NOTHING RETURNING 1`,
    values: [digest, outcome, officer, signature],
    orRefuse: { reason: ErrorReason.PROPOSAL_STATE },
  };
}

/** Refuses where an officer barred alone as often as one may within an hour; counted under a lock, so that two at once are two. */
export function aloneEffects(officer: string, most: number): Effect[] {
  return [
    { text: 'SELECT pg_advisory_xact_lock(4919005, hashtext($1))', values: [officer] },
    {
      text: `SELECT 1 WHERE (SELECT count(*) FROM act_decision
             WHERE outcome = 'alone' AND officer = $1 AND at > clock_timestamp() - interval '1 hour') < $2::bigint`,
      values: [officer, most],
      orRefuse: { reason: ErrorReason.SECOND_OFFICER_NEEDED },
    },
  ];
}

const STATES = {
  approved: ProposalState.APPROVED,
  alone: ProposalState.ALONE,
  rejected: ProposalState.REJECTED,
} as const;

type Shown = Pick<
  StoredProposal,
  'digest' | 'kind' | 'officer' | 'at' | 'outcome' | 'decider' | 'decided' | 'expired'
> & {
  readonly body: Uint8Array;
};

export function toProposal(proposal: Shown): Omit<Proposal, '$typeName' | '$unknown'> {
  const { digest, kind, body, officer, outcome, expired } = proposal;
  const agreement = kind === 'agreement' ? readAgreementBody(body) : undefined;
  const act = kind === 'act' ? readAct(body) : undefined;
  const open = expired ? ProposalState.EXPIRED : ProposalState.OPEN;
  return {
    digest,
    kind: kind === 'act' ? ProposalKind.ACT : ProposalKind.AGREEMENT,
    state: outcome === null ? open : STATES[outcome],
    act: kind === 'agreement' ? 'agreement' : (act?.kind ?? ''),
    subject:
      agreement === undefined ? (act === undefined ? '' : subjectOf(act)) : `${agreement.id}:${agreement.version}`,
    proposer: officer,
    proposedAt: BigInt(Math.floor(proposal.at)),
    decider: proposal.decider ?? '',
    decidedAt: BigInt(Math.floor(proposal.decided ?? 0)),
  };
}

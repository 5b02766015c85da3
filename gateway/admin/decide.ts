import { randomBytes } from 'node:crypto';
import {
  ApproveRequestSchema,
  ApproveResponseSchema,
  RejectRequestSchema,
  RejectResponseSchema,
} from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { readAct } from '../acts/act.ts';
import { concernsOfficer } from '../acts/administration.ts';
import { mayPair } from '../acts/book.ts';
import { judgeRow, rolesProblem } from '../acts/fold-acts.ts';
import { officerOf, type SignedBy } from '../acts/officer-token.ts';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { Composed, UnaryMethod } from '../exchange/work.ts';
import { judgeLimit } from './judge-limit.ts';
import { judgeAct, judgeAgreement, refusalOf } from './judge-proposal.ts';
import { ADMIN_SERVICE, type AdminDeps, mustHold, type OfficerCall, officerWork } from './officer-call.ts';
import { decisionEffect, findProposal, type StoredProposal, toProposal } from './proposal-store.ts';
import { mustBeSigned, signedBy } from './propose.ts';
import { wrong } from './wrong.ts';

const DIGEST = /^[A-Za-z0-9_-]{43}$/;

export function digestViolations(digest: string): Violation[] {
  return DIGEST.test(digest) ? [] : [{ field: 'digest', rule: 'FORMAT' }];
}

/** @throws {CallRefused} PROPOSAL_UNKNOWN */
export async function knownProposal({ db }: AdminDeps, digest: string): Promise<StoredProposal> {
  const proposal = await findProposal(db, digest);
  if (proposal === undefined) throw new CallRefused(ErrorReason.PROPOSAL_UNKNOWN);
  return proposal;
}

/**
 * Refuses what is decided or over; what this officer decided so already gets as far as the log, which knows whether it is the same
 * request again.
 */
function mustBeOpen(proposal: StoredProposal, outcome: 'approved' | 'rejected', { officer }: OfficerCall): boolean {
  if (proposal.outcome === outcome && proposal.decider === officer.code) return false;
  if (proposal.outcome !== null || proposal.expired) throw new CallRefused(ErrorReason.PROPOSAL_STATE);
  return true;
}

/** Whoever has one officer's key could end every proposal to bar it before anybody approves. @throws {CallRefused} OFFICER_NOT_INDEPENDENT */
function mustBeUnconcerned({ officer }: OfficerCall, { kind, body }: StoredProposal): void {
  const act = kind === 'act' ? readAct(body) : undefined;
  if (act !== undefined && concernsOfficer(act, officer)) throw new CallRefused(ErrorReason.OFFICER_NOT_INDEPENDENT);
}

/** Everything that the fold will ask of the two signatures and of what they are over. @throws {CallRefused} */
async function judgeApproval(
  deps: AdminDeps,
  call: OfficerCall,
  proposal: StoredProposal,
  signature: string,
): Promise<void> {
  const { book, officer } = call;
  const { digest, body, kind } = proposal;
  const agreement =
    kind === 'agreement' ? judgeAgreement(body, await deps.loadAgreements(), deps.nowSeconds()) : undefined;
  mustStillBeSigned(call, proposal, signedBy(digest, agreement));
  if (!mayPair(book, proposal.officer, officer.code, deps.nowSeconds())) {
    throw new CallRefused(ErrorReason.OFFICER_NOT_INDEPENDENT);
  }
  if (agreement !== undefined) {
    mustBeSigned(call, signature, signedBy(digest, agreement), deps);
    const problem = rolesProblem(book, 'agreement', proposal.officer, officer.code);
    if (problem !== undefined) throw refusalOf(problem);
    return;
  }
  const act = judgeAct(body, deps);
  await judgeLimit(act, deps);
  mustBeSigned(call, signature, signedBy(digest, undefined), deps);
  const problem = judgeRow(book, { ...proposal, outcome: 'approved', approval: signature });
  if (problem !== undefined) throw refusalOf(problem, { book, act });
}

/** With the key that its proposer has now: nothing that the approver signs could make it count. @throws {CallRefused} PROPOSAL_WRONG */
function mustStillBeSigned({ book }: OfficerCall, { officer, signature }: StoredProposal, expected: SignedBy): void {
  const signed = officerOf(book, signature, expected);
  const counts = signed?.officer === officer && book.officers.get(officer)?.kid === signed.kid;
  if (!counts) throw wrong('proposer', 'SIGNED_NO_MORE');
}

export function createApprove(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/Approve`,
    read(message) {
      const request = decodeRequest(ApproveRequestSchema, message);
      const { digest, signature } = request;
      const context = checkedContext(request, digestViolations(digest));
      return officerWork(deps, context, async (call) => {
        mustHold(call, 'approver');
        const proposal = await knownProposal(deps, digest);
        if (mustBeOpen(proposal, 'approved', call)) await judgeApproval(deps, call, proposal, signature);
        return decided(deps, call, proposal, { outcome: 'approved', signature });
      });
    },
  };
}

export function createReject(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/Reject`,
    read(message) {
      const request = decodeRequest(RejectRequestSchema, message);
      const { digest } = request;
      const context = checkedContext(request, digestViolations(digest));
      return officerWork(deps, context, async (call) => {
        const proposal = await knownProposal(deps, digest);
        if (proposal.officer !== call.officer.code) {
          mustHold(call, 'approver');
          mustBeUnconcerned(call, proposal);
        }
        mustBeOpen(proposal, 'rejected', call);
        return decided(deps, call, proposal, { outcome: 'rejected', signature: null });
      });
    },
  };
}

function decided(
  deps: AdminDeps,
  { officer, context }: OfficerCall,
  proposal: StoredProposal,
  { outcome, signature }: { readonly outcome: 'approved' | 'rejected'; readonly signature: string | null },
): Composed {
  const schema = outcome === 'approved' ? ApproveResponseSchema : RejectResponseSchema;
  const now = deps.nowSeconds();
  if (outcome === 'approved') deps.onDecided();
  return {
    payload: encodeMessage(schema, {
      requestId: context.requestId,
      blind: randomBytes(16),
      proposal: toProposal({ ...proposal, outcome, decider: officer.code, decided: now }),
    }),
    effects: [decisionEffect({ digest: proposal.digest, outcome, officer: officer.code, signature })],
  };
}

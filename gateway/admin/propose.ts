import { randomBytes } from 'node:crypto';
import {
  ProposalKind,
  ProposeRequestSchema,
  ProposeResponseSchema,
  RevokeRequestSchema,
  RevokeResponseSchema,
} from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { ALONE } from '../acts/act.ts';
import { judgeProposed, judgeRow } from '../acts/fold-acts.ts';
import { officerOf, type SignedBy } from '../acts/officer-token.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { digestOf } from '../signing/digest.ts';
import { checkFreshness } from '../signing/freshness.ts';
import { judgeLimit } from './judge-limit.ts';
import { judgeAct, judgeAgreement, refusalOf } from './judge-proposal.ts';
import { ADMIN_SERVICE, type AdminDeps, mustHold, type OfficerCall, officerWork } from './officer-call.ts';
import { aloneEffects, decisionEffect, findProposal, proposalEffect, toProposal } from './proposal-store.ts';

/** Bars that one officer may do alone within an hour: more than any honest emergency, less than what would stop the register. */
export const ALONE_AN_HOUR = 5;

/** The officer's own, over exactly this, made just now with the key in use. @throws {CallRefused} OFFICER_SIGNATURE_WRONG */
export function mustBeSigned(call: OfficerCall, token: string, expected: SignedBy, deps: AdminDeps): void {
  const signed = officerOf(call.book, token, expected);
  const { officer } = call;
  const fresh = signed && checkFreshness(signed.iat, { nowSeconds: deps.nowSeconds(), floor: 0 }) === undefined;
  if (fresh !== true || signed?.officer !== officer.code || signed.kid !== officer.kid) {
    throw new CallRefused(ErrorReason.OFFICER_SIGNATURE_WRONG);
  }
}

/** What an officer signs of it. */
export function signedBy(
  digest: string,
  agreement: { readonly id: string; readonly version: number } | undefined,
): SignedBy {
  return agreement === undefined
    ? { typ: 'lt-act+jws', digest }
    : { typ: 'lt-agreement+jws', digest, agreement: agreement.id, version: agreement.version };
}

export function createPropose(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/Propose`,
    read(message) {
      const request = decodeRequest(ProposeRequestSchema, message);
      const { kind, body, signature } = request;
      const known = kind === ProposalKind.ACT || kind === ProposalKind.AGREEMENT;
      const context = checkedContext(request, known ? [] : [{ field: 'kind', rule: 'UNKNOWN_VALUE' }]);
      return officerWork(deps, context, async (call) => {
        const digest = digestOf(body);
        const isAgreement = kind === ProposalKind.AGREEMENT;
        const loaded = isAgreement ? await deps.loadAgreements() : undefined;
        const agreement = loaded && judgeAgreement(body, loaded, deps.nowSeconds());
        const act = isAgreement ? undefined : judgeAct(body, deps);
        if (act !== undefined) await judgeLimit(act, deps);
        mustHold(call, 'proposer', ...(act !== undefined && ALONE.has(act.kind) ? (['security'] as const) : []));
        mustBeSigned(call, signature, signedBy(digest, agreement), deps);
        const officer = call.officer.code;
        // Proposed once more it gets as far as the log, which knows whether it is the same request.
        if (act !== undefined && (await findProposal(deps.db, digest)) === undefined) {
          const problem = judgeProposed(call.book, act, officer, deps.nowSeconds());
          if (problem !== undefined) throw refusalOf(problem, { book: call.book, act });
        }
        const stored = { digest, kind: isAgreement ? 'agreement' : 'act', body, officer, signature } as const;
        return {
          payload: encodeMessage(ProposeResponseSchema, {
            requestId: context.requestId,
            blind: randomBytes(16),
            proposal: toProposal({
              ...{ ...stored, at: deps.nowSeconds(), outcome: null, decider: null, decided: null, expired: false },
            }),
          }),
          effects: [proposalEffect(stored)],
        };
      });
    },
  };
}

export function createRevoke(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/Revoke`,
    read(message) {
      const request = decodeRequest(RevokeRequestSchema, message);
      const { body, signature } = request;
      const context = checkedContext(request);
      return officerWork(deps, context, async (call) => {
        mustHold(call, 'security');
        const digest = digestOf(body);
        const act = judgeAct(body, deps);
        mustBeSigned(call, signature, signedBy(digest, undefined), deps);
        const officer = call.officer.code;
        // Asked for once more by the same officer, it gets as far as the log, which knows whether it is the same request.
        const again = await findProposal(deps.db, digest);
        if (again === undefined) {
          await judgeLimit(act, deps);
          const row = { digest, kind: 'act', body, signature, outcome: 'alone', approval: null } as const;
          const problem = judgeRow(call.book, row);
          if (problem !== undefined) throw refusalOf(problem, { book: call.book, act });
        }
        const stored = { digest, kind: 'act', body, officer, signature } as const;
        const now = deps.nowSeconds();
        deps.onDecided();
        return {
          payload: encodeMessage(RevokeResponseSchema, {
            requestId: context.requestId,
            blind: randomBytes(16),
            proposal: toProposal({
              ...{ ...stored, at: now, outcome: 'alone', decider: officer, decided: now, expired: false },
            }),
          }),
          effects: [
            ...aloneEffects(officer, ALONE_AN_HOUR),
            proposalEffect(stored),
            decisionEffect({ digest, outcome: 'alone', officer, signature: null }),
          ],
        };
      });
    },
  };
}

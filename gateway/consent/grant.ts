import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import {
  type ConsentArtefact,
  GrantActSchema,
  GrantConsentRequestSchema,
  GrantConsentResponseSchema,
  MatterKind,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { AssuranceLevel } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type ActingPerson, byTheirAct } from '../acting/acting-person.ts';
import { standsOnIssuers } from '../acting/issuer-keys.ts';
import { lookedAt } from '../acting/own-look.ts';
import { mustBeAssured } from '../acting/subject.ts';
import { changing } from '../exchange/about-nobody.ts';
import type { Effect } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { decodeRequest } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { toShortMask } from '../fields/mask.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import { seal } from '../sealing/seal.ts';
import { actOf, readPersonRequest } from './act-of.ts';
import { ANY_RESTRICTED, isRestricted, SCOPE, scopeEffects, stateOf } from './consent-store.ts';
import { CONSENT_SERVICE, type ConsentDeps } from './deps.ts';
import { type JudgedArtefact, judgeArtefact } from './judge-artefact.ts';
import { mayAskToday, mayGive } from './most-matters.ts';
import { mustBeOfAge } from './of-age.ts';

const METHOD = `${CONSENT_SERVICE}/GrantConsent`;

export function createGrantConsent(deps: ConsentDeps): UnaryMethod {
  return {
    path: METHOD,
    read(message) {
      const request = readPersonRequest(decodeRequest(GrantConsentRequestSchema, message), GrantActSchema);
      const { context, act, actBytes } = request;
      return changing(0, context, async ({ caller }) => {
        if (act.artefact === undefined) throw new CallRefused(ErrorReason.CONSENT_INVALID);
        const judged = judgeArtefact(act.artefact, {
          issuers: deps.acting.issuers,
          deployment: deps.acting.deployment,
          policyData: deps.policyData,
          nowSeconds: deps.nowSeconds,
        });
        const { artefact, issuer, recipient, purpose } = judged;
        const call = { method: METHOD, agency: caller.agency, about: artefact.personalId, concert: 'all' as const };
        const { acting } = actOf(deps, request, call);
        mustBeAssured(acting, AssuranceLevel.TWO);
        mustBeTheirActs(artefact, acting);
        const { personNo, people } = await lookedAt(deps.lookup, artefact.personalId);
        await mustBeOfAge(deps, artefact.personalId, acting);

        const entryId = drawEntryId();
        const now = deps.nowSeconds();
        const restricted = await isRestricted(deps.db, personNo, recipient, purpose);
        const validFrom = Number(artefact.validFrom);
        const expiresAt = Number(artefact.expiresAt);
        const { useQuota } = artefact;
        const standing = {
          ended: false,
          unproven: false,
          restricted,
          valid_from: validFrom,
          expires_at: expiresAt,
          use_quota: useQuota,
        };
        const response = create(GrantConsentResponseSchema, {
          requestId: context.requestId,
          blind: drawRandom(16),
          consent: {
            ...{ consentId: artefact.consentId, recipient, purpose, useQuota, entryId },
            fields: { paths: toShortMask(artefact.fieldIds) },
            state: stateOf({ ...standing, uses: 0 }, now),
            validFrom: artefact.validFrom,
            expiresAt: artefact.expiresAt,
            ...{ textShown: artefact.textShown, textVersion: artefact.textVersion, language: artefact.language },
            grantedAt: BigInt(Math.floor(now)),
          },
        });
        const theirs = byTheirAct(acting);
        const sealed = seal(deps.artefactKey, artefact.consentId, actBytes);
        return {
          payload: toBinary(GrantConsentResponseSchema, response),
          people,
          entryKind: EntryKind.CONSENT,
          entryId,
          effects: [
            mayAskToday(personNo),
            mayGive(personNo, Math.floor(now)),
            ...theirs.effects,
            ...grantEffects(judged, { personNo, entryId, sealed }),
          ],
          standsOn: [...theirs.standsOn, ...standsOnIssuers([issuer])],
        };
      });
    },
  };
}

/** Those who sign are those whom the issuer saw: neither more nor fewer. */
function mustBeTheirActs({ acts }: ConsentArtefact, acting: readonly ActingPerson[]): void {
  const seen = acts.map(({ personalId }) => personalId).sort();
  const signed = acting.map(({ assertion }) => assertion.personalId).sort();
  const assured = acts.every(({ assurance }) => assurance >= AssuranceLevel.TWO);
  if (!assured) throw new CallRefused(ErrorReason.ASSURANCE_TOO_LOW);
  if (seen.join() !== signed.join()) {
    throw new CallRefused(ErrorReason.CONSENT_INVALID, {
      violations: [{ field: 'artefact.acts', rule: 'INCONSISTENT' }],
    });
  }
}

function grantEffects(
  { artefact, issuer, recipient, purpose }: JudgedArtefact,
  { personNo, entryId, sealed }: { readonly personNo: number; readonly entryId: Buffer; readonly sealed: Buffer },
): Effect[] {
  const issuedAt = Number(artefact.issuedAt);
  return [
    ...scopeEffects(personNo, recipient, purpose),
    {
      text: `WITH ${SCOPE} SELECT 1 FROM s WHERE NOT EXISTS (SELECT FROM consent_matter m JOIN scopes USING (scope_no)
  WHERE m.kind = ${MatterKind.WITHDRAWAL} AND floor(extract(epoch FROM m.recorded_at)) >= $4)`,
      values: [personNo, recipient, purpose, issuedAt],
      orRefuse: { reason: ErrorReason.CONSENT_WITHDRAWN },
    },
    {
      text: `WITH ${SCOPE}, given AS (
  INSERT INTO consent (consent_id, scope_no, field_ids, vocabulary_version, valid_from, expires_at, use_quota, issuer, issued_at, entry_id, artefact, issuer_key)
  SELECT $4, scope_no, $5::integer[], $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM s ON CONFLICT DO NOTHING RETURNING consent_no
), counted AS (
  INSERT INTO consent_uses (consent_no, use_quota, uses) SELECT consent_no, $9, 0 FROM given WHERE $9 > 0
), covering AS (
  INSERT INTO consent_in_force (use_no, person_no, consent_no, scope_no, field_ids, valid_from, expires_at, use_quota)
  SELECT use_no, person_no, consent_no, scope_no, $5::integer[], $7, $8, $9 FROM given, s WHERE NOT ${ANY_RESTRICTED}
)
SELECT 1 FROM given`,
      values: [
        ...[
          personNo,
          recipient,
          purpose,
          Buffer.from(artefact.consentId),
          artefact.fieldIds,
          artefact.vocabularyVersion,
        ],
        ...[Number(artefact.validFrom), Number(artefact.expiresAt), artefact.useQuota, artefact.issuer, issuedAt],
        ...[entryId, sealed, issuer.key.kid],
      ],
      orRefuse: { reason: ErrorReason.CONSENT_USED },
    },
  ];
}

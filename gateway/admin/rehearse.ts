import { randomBytes } from 'node:crypto';
import { RehearseRequestSchema, RehearseResponseSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { createPolicyHost } from '../policy/host.ts';
import { judgeAgreement } from './judge-proposal.ts';
import { ADMIN_SERVICE, type AdminDeps, officerWork } from './officer-call.ts';
import { recordedOf, replay } from './replay.ts';

const DEFAULT_DAYS = 7;
const MOST_DAYS = 30;
const MOST_CHANGES = 50;

export function createRehearse(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/Rehearse`,
    read(message) {
      const request = decodeRequest(RehearseRequestSchema, message);
      const context = checkedContext(request, request.days > MOST_DAYS ? [{ field: 'days', rule: 'RANGE' }] : []);
      const days = request.days === 0 ? DEFAULT_DAYS : request.days;
      return officerWork(deps, context, async () => {
        const loaded = await deps.loadAgreements();
        const { data } = loaded;
        const agreement = judgeAgreement(request.body, loaded, deps.nowSeconds());
        const { agency, purpose } = agreement;
        // Under the very rules, over the very data, with this one agreement in its place.
        const host = createPolicyHost({
          wasm: deps.rehearsal.module(),
          data: {
            ...data,
            agreements: { ...data.agreements, [agency]: { ...data.agreements[agency], [purpose]: agreement } },
          },
          revision: { policy: 1, agreements: 1 },
        });
        const now = Math.floor(deps.nowSeconds());
        const result = await replay(recordedOf(deps.db, agency, (now - days * 86_400) * 1000), {
          ...{ agency, purpose, legalEntity: data.agencies[agency]?.legal_entity ?? '' },
          now: Math.max(now, agreement.valid_from),
          key: deps.rehearsal.decisionKey,
          decide: (input) => host.decide(input),
          pathOf: deps.rehearsal.pathOf,
        });
        return {
          payload: encodeMessage(RehearseResponseSchema, {
            ...{ requestId: context.requestId, blind: randomBytes(16), complete: result.complete },
            ...{ replayed: BigInt(result.replayed), same: BigInt(result.same), unknown: BigInt(result.unknown) },
            changes: result.changes.slice(0, MOST_CHANGES).map(({ decisions, rows, ...change }) => ({
              ...{ method: change.method, was: change.was, becomes: change.becomes },
              ...{ decisions: BigInt(decisions), rows: BigInt(rows) },
              ...{ gained: [...change.gained], lost: [...change.lost] },
              ...{ grantsGained: [...change.grantsGained], grantsLost: [...change.grantsLost] },
            })),
          }),
        };
      });
    },
  };
}

import { FieldClass } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import { VOCABULARY } from '../fields/vocabulary.ts';
import type { Decision } from '../policy/decision.ts';
import type { PolicyInput } from '../policy/input.ts';
import type { ExplainDeps } from '../server/explain.ts';

/** The policy as `Explain` asks it. */
export function explainer(
  decide: (input: PolicyInput) => Decision,
  nowSeconds: () => number,
): Pick<ExplainDeps, 'explain' | 'vocabulary'> {
  return {
    vocabulary: VOCABULARY.fields.map(({ id, path, class: kind }) => ({
      ...{ id, path, sensitive: kind !== FieldClass.BASIC },
    })),
    explain: ({ agency, legalEntity, certificate, purpose, method, demands, ids }) =>
      decide({
        now: Math.floor(nowSeconds()),
        caller: { agency, legal_entity: legalEntity, certificate },
        context: { purpose, ...Object.fromEntries(demands.map((name) => [name, 'explain'])) },
        ...{ method, release: ids, match: ids, allow_partial: true },
      }),
  };
}

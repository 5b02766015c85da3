import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { CallFacts, Composed, Work } from './work.ts';

/** A call that looks nobody up. */
export function aboutNobody(
  context: RequestContext,
  compose: (facts: CallFacts) => Promise<Composed> | Composed,
): Work {
  return {
    asked: { context, release: [], match: [], allowPartial: false },
    wanted: { kind: 'nothing' },
    compose: (_view: unknown, facts: CallFacts) => compose(facts),
  };
}

/** The same of a call that changes something and has so many a minute to spare beyond the rate: `Work.spare`. */
export function changing(
  spare: number,
  context: RequestContext,
  compose: (facts: CallFacts) => Promise<Composed> | Composed,
): Work {
  return { ...aboutNobody(context, compose), spare };
}

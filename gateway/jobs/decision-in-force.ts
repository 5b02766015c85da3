/** What a stream's chunks stand on, from the first to the last answer that leaves. */
import type { Decided } from '../exchange/decide.ts';
import type { Stages } from '../exchange/pipeline.ts';
import type { ChunkStream } from '../exchange/ports.ts';
import type { Anew } from '../exchange/record.ts';

export interface DecisionDeps {
  readonly stages: Pick<Stages, 'authenticate' | 'decide'>;
  readonly nowSeconds: () => number;
  /** Anything that a decision stands on: a change of it makes the next chunk be decided anew. */
  readonly decisionRevision: () => string;
}

/** A decision on a stream is made again when what it stands on has changed, or once it is this far from now: a clock can be set back. */
const DECISION_SECONDS = 1;

/** The sender is authenticated each time, the decision made again when due. @throws {CallRefused} */
export function createDecisionInForce(deps: DecisionDeps, { peer }: Pick<ChunkStream, 'peer'>, opened: Decided) {
  let decided = opened;
  let revision = deps.decisionRevision();
  return (anew?: Anew): Decided => {
    const authenticated = deps.stages.authenticate(peer);
    const now = deps.decisionRevision();
    if (anew === 'outdated' || now !== revision || Math.abs(deps.nowSeconds() - decided.at) >= DECISION_SECONDS) {
      decided = deps.stages.decide(decided.verified.underCaller(authenticated), decided.work);
      revision = now;
    }
    return decided;
  };
}

import type { Stages } from '../exchange/pipeline.ts';
import type { Stage } from '../exchange/stage-names.ts';
import type { createVerifyChunk } from '../exchange/verify-chunk.ts';
import type { Watcher } from './watcher.ts';

type VerifyChunk = ReturnType<typeof createVerifyChunk>;

/** The same stages, with a watcher told of each. Brands are made by the stages as before: only the calls are wrapped. */
export function watchStages(stages: Stages, watcher: Watcher): Stages {
  const { recorder, signer } = stages;
  return {
    authenticate: watched('authenticate', stages.authenticate, watcher),
    verify: watched('verify', stages.verify, watcher),
    decide: watched('decide', stages.decide, watcher),
    consent: watched('consent', stages.consent, watcher),
    fetch: watched('fetch', stages.fetch, watcher),
    filter: watched('filter', stages.filter, watcher),
    recorder: {
      ...recorder,
      record: watched(
        'record',
        async (filtered) => {
          const recorded = await recorder.record(filtered);
          if (typeof recorded !== 'string' && !recorded.redelivery && filtered.view.kind === 'rows')
            watcher.rows(filtered.view.rows.totals);
          return recorded;
        },
        watcher,
      ),
      recordRefusal: watched('record', recorder.recordRefusal, watcher),
    },
    signer: {
      sign: watched('sign', signer.sign, watcher),
      signRefusal: watched('sign', signer.signRefusal, watcher),
    },
    takeUp: stages.takeUp,
  };
}

/** A chunk's own first stage; reading its rows is part of it. */
export function watchVerifyChunk(verifyChunk: VerifyChunk, watcher: Watcher): VerifyChunk {
  return watched('verify', verifyChunk, watcher);
}

function watched<A extends unknown[], R>(stage: Stage, run: (...args: A) => R, watcher: Watcher): (...args: A) => R {
  return (...args) => {
    const end = watcher.stage(stage);
    let result: R;
    try {
      result = run(...args);
    } catch (error) {
      end(error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      end();
      return result;
    }
    result.then(() => end(), end);
    return result;
  };
}

/** An answer as far as recording looks at one, and keys of its own. */
import { createSecretKey } from 'node:crypto';
import { denied } from '../policy/decision.ts';
import type { Authenticated } from './authenticate.ts';
import type { RecordKeys } from './entry-parts.ts';
import type { Filtered } from './filter.ts';
import { NOBODY } from './people.ts';

export const key = createSecretKey(Buffer.alloc(32));
export const keys: RecordKeys = { 'log-key': key, answer: key, decision: key, evidence: key, pseudonym: key };

export const DECISION = { ...denied('METHOD_NOT_AGREED'), agreement: { id: 'A', version: 1 } };

/** A unary answer about nobody. */
export function answered(authenticated: Authenticated): Filtered {
  const verified = {
    authenticated,
    method: '/m',
    digest: '',
    kid: 'k',
    token: { issuer: 'branch', jti: Buffer.alloc(16), iat: 0 },
  };
  const grounds = {
    verified,
    work: { asked: { context: { requestId: 'request-1', purpose: 'p' } }, wanted: { kind: 'nothing' } },
    decision: DECISION,
    granted: () => [],
    revisions: undefined,
  };
  return {
    fetched: {
      consented: { grounds, coverage: { kind: 'statute' }, granted: () => [], changeRevision: 0n },
      data: { kind: 'nothing' },
    },
    people: NOBODY,
    view: { kind: 'nothing' },
    composed: { payload: new Uint8Array(0) },
  } as unknown as Filtered;
}

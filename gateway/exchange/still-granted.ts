import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { GRANTS } from '../policy/decision.ts';
import type { Caller } from './authenticate.ts';
import type { Decided } from './decide.ts';
import { chunkOf } from './grounds.ts';
import type { Recorded } from './record.ts';
import { CallRefused } from './refused.ts';

/**
 * Before a chunk's answer leaves, which may be long after it was recorded where its receiver reads slowly: all that it was decided
 * by is granted still, and the key that asked for it still counts. What was granted besides since is no reason to keep it back.
 *
 * @param now the decision in force, and the caller as the directory has them at this moment: it may be ahead of the decision
 * @throws {CallRefused} KEY_UNKNOWN, AGREEMENT_CHANGED
 */
export function mustStillBeGranted(
  { grounds }: Pick<Recorded, 'grounds'>,
  now: { readonly decision: Decided['decision']; readonly caller: Pick<Caller, 'keys'> },
): void {
  const chunk = chunkOf(grounds);
  if (chunk === undefined) throw new TypeError('a stream answers chunks');
  if (now.caller.keys(chunk.kid) === undefined) throw new CallRefused(ErrorReason.KEY_UNKNOWN);
  const [asked, granted] = [chunk.opening.decision, now.decision];
  if (asked === granted) return;
  const still =
    asked.strictness === granted.strictness &&
    GRANTS.every((name) => granted.grants[name] || !asked.grants[name]) &&
    asked.fields.every(({ id, use, basis }) =>
      granted.fields.some((field) => field.id === id && field.use === use && field.basis === basis),
    );
  if (!still) throw new CallRefused(ErrorReason.AGREEMENT_CHANGED);
}

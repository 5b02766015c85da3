/** What is said where a stream's messages are not the ones, or not in the order, that the protocol has. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { FieldRule } from '../errors/rules.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { StreamMessageKind } from './stream-message.ts';

export function outOfOrder(field: string, rule: FieldRule): CallRefused {
  return new CallRefused(ErrorReason.STREAM_PROTOCOL, { violations: [{ field, rule }] });
}

/** Behind the opening: a second one, an end that is too long for one, or what is none of the three. */
export function misplaced(kind: StreamMessageKind | undefined): CallRefused {
  if (kind === 'opening') return outOfOrder('opening', 'REPEATED');
  return kind === 'end' ? outOfOrder('end', 'LENGTH') : outOfOrder('payload', 'NOT_DECODABLE');
}

/** @throws {CallRefused} where the end, or the claims of its token, count otherwise than what came: something was lost on the way */
export function mustCount(
  { message, claims }: Counted,
  { chunks, rows }: { readonly chunks: number; readonly rows: number },
): void {
  if (message.chunks !== chunks) throw outOfOrder('end.chunks', 'INCONSISTENT');
  if (Number(message.rows) !== rows) throw outOfOrder('end.rows', 'INCONSISTENT');
  if (claims.cnt !== chunks) throw new CallRefused(ErrorReason.STREAM_PROTOCOL, { claim: 'cnt' });
  if (claims.rows !== rows) throw new CallRefused(ErrorReason.STREAM_PROTOCOL, { claim: 'rows' });
}

/** What an end says of what its sender sent. */
interface Counted {
  readonly message: { readonly chunks: number; readonly rows: bigint };
  readonly claims: { readonly cnt: number; readonly rows: number };
}

import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';

/** A proposal that could not count, by the member that is wrong. */
export function wrong(field: string, rule: Violation['rule']): CallRefused {
  return new CallRefused(ErrorReason.PROPOSAL_WRONG, { violations: [{ field, rule }] });
}

import { randomBytes } from 'node:crypto';
import { MarkPersonRequestSchema, MarkPersonResponseSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { ADMIN_SERVICE, type AdminDeps, mustHold, officerWork } from './officer-call.ts';

export function createMarkPerson(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/MarkPerson`,
    read(message) {
      const request = decodeRequest(MarkPersonRequestSchema, message);
      const context = checkedContext(request);
      return officerWork(deps, context, async (call) => {
        mustHold(call, 'proposer', 'approver');
        const mark = deps.markPerson(request.personalId);
        if (mark === undefined) {
          throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'personal_id', rule: 'FORMAT' }] });
        }
        return {
          payload: encodeMessage(MarkPersonResponseSchema, {
            ...{ requestId: context.requestId, blind: randomBytes(16), mark },
          }),
        };
      });
    },
  };
}

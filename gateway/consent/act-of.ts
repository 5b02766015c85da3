/** What every call of a person begins with: the act's own bytes, who acts, and whom it is about. */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { OnBehalf, RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type ActingPerson, verifyActing } from '../acting/acting-person.ts';
import { type Concert, subjectOf } from '../acting/subject.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest } from '../exchange/request.ts';
import type { ConsentDeps } from './deps.ts';

const BLIND_BYTES = 16;

/** A request by a person, read. */
export interface PersonRequest<A> {
  readonly context: RequestContext;
  readonly act: A;
  readonly actBytes: Uint8Array;
  readonly persons: readonly OnBehalf[];
}

/** @throws {CallRefused} BAD_REQUEST */
export function readPersonRequest<Desc extends DescMessage>(
  request: {
    readonly context?: RequestContext | undefined;
    readonly act: Uint8Array;
    readonly persons: readonly OnBehalf[];
    readonly blind: Uint8Array;
  },
  schema: Desc,
): PersonRequest<MessageShape<Desc>> {
  const context = checkedContext(request, request.act.length === 0 ? [{ field: 'act', rule: 'REQUIRED' }] : []);
  const act = decodeRequest(schema, request.act);
  const blind = (act as { readonly blind?: Uint8Array }).blind;
  if (blind?.length !== BLIND_BYTES) {
    throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'act.blind', rule: 'LENGTH' }] });
  }
  return { context, act, actBytes: request.act, persons: request.persons };
}

/** Who acts, and the 12 digits of whom it is about. @throws {CallRefused} */
export function actOf(
  deps: ConsentDeps,
  { actBytes, persons }: PersonRequest<unknown>,
  call: { readonly method: string; readonly agency: string; readonly about: string; readonly concert: Concert },
): { readonly acting: readonly ActingPerson[]; readonly subject: string } {
  const { method, agency } = call;
  const acting = verifyActing({ method, agency, act: actBytes, persons }, deps.acting);
  return { acting, subject: subjectOf(acting, call.about, call.concert) };
}

import { randomBytes } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { createRandomIds } from '../../gateway/signing/random-id.ts';
import { type RequestContext, RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { ContextDefaults } from './profile.ts';

/** A request as it is sent: serialised once, for those bytes are what is signed and what a retry sends again. */
export type PreparedRequest = { readonly bytes: Uint8Array; readonly requestId: string };

/** A new request id: 22 characters. */
export const newRequestId: () => string = createRandomIds();

/**
 * Fills what every signed request carries: `blind`, where the message has it, with 16 random bytes; in `context` the
 * request id, the profile's first purpose and its codes, where the caller left them empty.
 */
export function prepareRequest<I extends DescMessage>(
  profile: { readonly purposes: readonly string[]; readonly context: ContextDefaults },
  schema: I,
  init: MessageInitShape<I>,
): PreparedRequest {
  // A fresh message, so that the caller's object stays as it is.
  const message = create(schema, init);
  const fields = message as { blind?: Uint8Array; context?: RequestContext };
  const contextField = schema.fields.find((field) => field.localName === 'context');
  let requestId = '';
  if (contextField?.message?.typeName === RequestContextSchema.typeName) {
    const given = fields.context;
    const context = create(RequestContextSchema, {
      caseRef: given?.caseRef ?? '',
      requestId: given?.requestId || newRequestId(),
      purpose: given?.purpose || profile.purposes[0] || '',
      serviceCode: given?.serviceCode || profile.context.serviceCode,
      unitCode: given?.unitCode || profile.context.unitCode,
      officerCode: given?.officerCode || profile.context.officerCode,
    });
    requestId = context.requestId;
    fields.context = context;
  }
  const hasBlind = schema.fields.some((field) => field.localName === 'blind');
  if (hasBlind && (fields.blind === undefined || fields.blind.length === 0)) fields.blind = randomBytes(16);
  return { bytes: toBinary(schema, message), requestId };
}

import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { createBlinds, createRandomIds } from '../../gateway/signing/random-id.ts';
import { type RequestContext, RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { ContextDefaults } from './profile.ts';

/** A request as it is sent: serialised once, for those bytes are what is signed and what a retry sends again. */
export type PreparedRequest = { readonly bytes: Uint8Array; readonly requestId: string };

/** A new request id: 22 characters. */
export const newRequestId: () => string = createRandomIds();

/** 16 random bytes. */
export const newBlind: () => Uint8Array = createBlinds();

/** What {@link prepareRequest} fills in a message of this kind. */
type Fills = { readonly blind: boolean; readonly context: boolean };

const FILLS = new WeakMap<DescMessage, Fills>();

/** Looked up once for a kind of message, not at each request. */
function fillsOf(schema: DescMessage): Fills {
  let fills = FILLS.get(schema);
  if (fills === undefined) {
    const field = (name: string) => schema.fields.find(({ localName }) => localName === name);
    const context = field('context')?.message?.typeName === RequestContextSchema.typeName;
    fills = { blind: field('blind') !== undefined, context };
    FILLS.set(schema, fills);
  }
  return fills;
}

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
  const fills = fillsOf(schema);
  let requestId = '';
  if (fills.context) {
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
  if (fills.blind && (fields.blind === undefined || fields.blind.length === 0)) fields.blind = newBlind();
  return { bytes: toBinary(schema, message), requestId };
}

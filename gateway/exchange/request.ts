import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { mayHoldPersonsNumber } from '../errors/persons-number.ts';
import { isRequestId } from '../errors/request-id.ts';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from './refused.ts';
import { hasMoreFields } from './wire-fields.ts';

/** ASCII without blanks: a code stands in the log in clear, and a person's name as it is written does not fit. */
const CODE = /^[A-Za-z0-9._/-]{0,64}$/;
/** What an agency names as it likes and the log keeps in clear. Its officer stands there under a pseudonym. */
const FREE_CODES: ReadonlySet<string> = new Set(['service_code', 'unit_code', 'case_ref']);
const BLIND_BYTES = 16;

/** The id where it has a request id's form: whatever else was sent in its place is not repeated. */
export function readableRequestId(text: string | undefined): string | undefined {
  return text !== undefined && isRequestId(text) ? text : undefined;
}

/** Several times what any request of the contract has: a mask has 256 paths at most. */
const MOST_FIELDS = 1024;

/** Decodes the bytes that were signed; what the contract does not know is dropped. @throws {CallRefused} BAD_REQUEST */
export function decodeRequest<Desc extends DescMessage>(schema: Desc, message: Uint8Array): MessageShape<Desc> {
  let tooMany = false;
  try {
    tooMany = hasMoreFields(schema, message, MOST_FIELDS);
    if (!tooMany) return fromBinary(schema, message, { readUnknownFields: false });
  } catch {
    // Told below.
  }
  const rule = tooMany ? 'LENGTH' : 'NOT_DECODABLE';
  throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'message', rule }] });
}

/** Serialised once: what is signed and hashed is never made again. */
export function encodeMessage<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Uint8Array {
  return toBinary(schema, create(schema, init));
}

/** Rules of every request: its context, and 16 random bytes. */
export function contextViolations(context: RequestContext | undefined, blind: Uint8Array): Violation[] {
  const violations: Violation[] = [];
  if (blind.length !== BLIND_BYTES) violations.push({ field: 'blind', rule: 'LENGTH' });
  if (context === undefined) return [...violations, { field: 'context', rule: 'REQUIRED' }];
  if (!isRequestId(context.requestId)) violations.push({ field: 'context.request_id', rule: 'FORMAT' });
  if (context.purpose === '') violations.push({ field: 'context.purpose', rule: 'REQUIRED' });
  const codes = {
    purpose: context.purpose,
    service_code: context.serviceCode,
    unit_code: context.unitCode,
    officer_code: context.officerCode,
    case_ref: context.caseRef,
  };
  for (const [name, value] of Object.entries(codes)) {
    const field = `context.${name}`;
    if (!CODE.test(value)) violations.push({ field, rule: 'FORMAT' });
    else if (FREE_CODES.has(name) && mayHoldPersonsNumber(value)) violations.push({ field, rule: 'PERSONS_NUMBER' });
  }
  return violations;
}

/**
 * The context of a request that keeps the rules. @throws {CallRefused} BAD_REQUEST naming each field that does not,
 * or FIELD_UNKNOWN where nothing but a path is wrong; the request id goes back where it can be read.
 */
export function checkedContext(
  request: { readonly context?: RequestContext | undefined; readonly blind: Uint8Array },
  further: readonly Violation[] = [],
): RequestContext {
  const violations = [...contextViolations(request.context, request.blind), ...further];
  if (request.context === undefined || violations.length > 0) {
    const onlyPaths = violations.every(({ rule }) => rule === 'UNKNOWN_PATH' || rule === 'INSIDE_A_FIELD');
    throw new CallRefused(onlyPaths ? ErrorReason.FIELD_UNKNOWN : ErrorReason.BAD_REQUEST, {
      violations,
      requestId: request.context?.requestId,
    });
  }
  return request.context;
}

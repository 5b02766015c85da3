import { fromBinary } from '@bufbuild/protobuf';
import { type ListAccessesAct, ListAccessesActSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Violation } from '../errors/violations.ts';

/** What a person asks of the list, checked. */
export interface AccessQuery {
  /** 12 digits; empty for whoever acts. */
  readonly about: string;
  /** Unix milliseconds; `until` is past the last. */
  readonly from: number;
  readonly until: number;
  readonly pageSize: number;
  readonly page: PageToken | undefined;
  readonly withProofs: boolean;
  /** 16 bytes, or undefined for all. */
  readonly entryId: Uint8Array | undefined;
}

/** Where a page ended: the log as the first page saw it, and the position of the last line shown. */
export interface PageToken {
  readonly at: number;
  readonly before: number;
}

const DEFAULT_PAGE = 50;
const MOST_PAGE = 200;
/** A proof is some kilobytes, and takes a read of all leaves of its entry. */
const MOST_PROVEN = 50;
const ID_BYTES = 16;
const PERSONAL_ID = /^(\d{12})?$/;

/** Reads the bytes that the person signed; `violations` where they break a rule. */
export function readQuery(act: Uint8Array): AccessQuery | { readonly violations: readonly Violation[] } {
  let asked: ListAccessesAct;
  try {
    asked = fromBinary(ListAccessesActSchema, act, { readUnknownFields: false });
  } catch {
    return { violations: [{ field: 'act', rule: 'NOT_DECODABLE' }] };
  }
  const { about, pageSize, pageToken, withProofs, entryId, blind } = asked;
  const page = pageToken.length === 0 ? undefined : readToken(pageToken);
  const violations: Violation[] = [];
  const rule = (broken: boolean, field: string, name: Violation['rule']) => {
    if (broken) violations.push({ field: `act.${field}`, rule: name });
  };
  rule(!PERSONAL_ID.test(about), 'about', 'FORMAT');
  rule(asked.from < 0n || asked.until < 0n, 'from', 'RANGE');
  rule(pageSize > (withProofs ? MOST_PROVEN : MOST_PAGE), 'page_size', 'RANGE');
  rule(pageToken.length > 0 && page === undefined, 'page_token', 'FORMAT');
  rule(entryId.length > 0 && entryId.length !== ID_BYTES, 'entry_id', 'LENGTH');
  rule(blind.length !== ID_BYTES, 'blind', 'LENGTH');
  if (violations.length > 0) return { violations };
  return {
    ...{ about, page, withProofs },
    from: Number(asked.from) * 1000,
    until: asked.until === 0n ? Number.POSITIVE_INFINITY : Number(asked.until) * 1000,
    pageSize: pageSize === 0 ? DEFAULT_PAGE : pageSize,
    entryId: entryId.length === 0 ? undefined : entryId,
  };
}

export function writeToken({ at, before }: PageToken): Buffer {
  const token = Buffer.alloc(16);
  token.writeBigUInt64BE(BigInt(at));
  token.writeBigUInt64BE(BigInt(before), 8);
  return token;
}

function readToken(token: Uint8Array): PageToken | undefined {
  if (token.length !== 16) return undefined;
  const view = Buffer.from(token);
  const [at, before] = [Number(view.readBigUInt64BE()), Number(view.readBigUInt64BE(8))];
  return Number.isSafeInteger(at) && Number.isSafeInteger(before) ? { at, before } : undefined;
}

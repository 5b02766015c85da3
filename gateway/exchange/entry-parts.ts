/** What every entry of the exchange is put together from; the entries themselves are `record.ts` and `record-refusal.ts`. */

import { createHmac, hash, type KeyObject } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { type RequestContext, RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { faultPoint } from '../faults/point.ts';
import { personLeaves, treeRoot } from '../proof/batch.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import { unwrapLogKeys } from '../sealing/log-keys.ts';
import { seal } from '../sealing/seal.ts';
import type { Authenticated } from './authenticate.ts';
import type { Appender, LogTrouble } from './log-port.ts';
import type { People } from './people.ts';

/** The keys that recording needs, of those of the gateway's ring. */
export type RecordKeys = Readonly<Record<'log-key' | 'answer' | 'decision' | 'evidence' | 'pseudonym', KeyObject>>;

export interface RecordDeps {
  readonly appender: Appender;
  readonly keys: RecordKeys;
  readonly nowMs: () => number;
  /** Why nothing is disclosed now, and nothing added to the log; undefined where all is well. */
  readonly logTrouble: () => LogTrouble | undefined;
}

/** Set apart from the evidence that is sealed under the entry id itself. */
const BODIES = Buffer.from('bodies');

export const bytesOf = (base64url: string) => Buffer.from(base64url, 'base64url');
export const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

/** What the entries of answers and of refusals have in common: the context, the people, and what an append stands on. */
export function createEntryParts(keys: RecordKeys) {
  /** The context as the log keeps it: the officer under a keyed pseudonym, never by name. */
  function loggedContext(agency: string, context: RequestContext | undefined) {
    if (context === undefined) return {};
    const { officerCode } = context;
    return {
      // Member by member: what a caller may have put beside the contract's members does not get into the log.
      context: create(RequestContextSchema, {
        requestId: context.requestId,
        purpose: context.purpose,
        serviceCode: context.serviceCode,
        unitCode: context.unitCode,
        caseRef: context.caseRef,
      }),
      officerPseudonym:
        officerCode === ''
          ? new Uint8Array(0)
          : createHmac('sha256', keys.pseudonym).update(`${agency}\0${officerCode}`).digest().subarray(0, 16),
    };
  }

  function leavesOf(people: People, entryId: Buffer) {
    if (people.count === 0) return { root: new Uint8Array(0) };
    const leaves = personLeaves(unwrapLogKeys(keys['log-key'], people.logKeys), entryId, people.bodies, people.offsets);
    faultPoint('leaves');
    const numbers = Buffer.from(people.personNos.buffer, people.personNos.byteOffset, people.personNos.byteLength);
    return {
      root: treeRoot(leaves, NODE_TAGS.person),
      stored: {
        persons: seal(keys.evidence, entryId, numbers),
        personBodies: seal(keys.evidence, Buffer.concat([entryId, BODIES]), packBodies(people)),
        personLeaves: leaves,
      },
    };
  }

  return { loggedContext, leavesOf };
}

/** Whoever is barred, of these, between the decision and the append must not be answered. */
export function standsOn(authenticated: Authenticated, kid: string | undefined, agreement?: string): string[] {
  const { agency, certificate } = authenticated.caller;
  return [
    `agency:${agency}`,
    `certificate:${certificate}`,
    ...(kid === undefined ? [] : [`key:${kid}`]),
    ...(agreement === undefined ? [] : [`agreement:${agreement}`]),
  ];
}

/** Bodies as they are stored: u16 big-endian length before each. */
function packBodies({ count, bodies, offsets }: People): Buffer {
  const out = Buffer.allocUnsafe(bodies.length + 2 * count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const from = offsets[i] ?? 0;
    const to = offsets[i + 1] ?? 0;
    at = out.writeUInt16BE(to - from, at);
    out.set(bodies.subarray(from, to), at);
    at += to - from;
  }
  return out;
}

/** What every entry of the exchange is put together from; the entries themselves are `record.ts` and `record-refusal.ts`. */

import { createHmac, hash, type KeyObject } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { type RequestContext, RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { chunkOf, decidedOf, type Grounds } from './grounds.ts';
import type { GuardUnits } from './guard-units.ts';
import type { Appender, LogTrouble } from './log-port.ts';
import { createPeopleSealer } from './seal-people.ts';

/** The keys that recording needs, of those of the gateway's ring. */
export type RecordKeys = Readonly<Record<'log-key' | 'answer' | 'decision' | 'evidence' | 'pseudonym', KeyObject>>;

export interface RecordDeps {
  readonly appender: Appender;
  readonly keys: RecordKeys;
  readonly units: GuardUnits;
  readonly nowMs: () => number;
  /** Why nothing is disclosed now, and nothing added to the log; undefined where all is well. */
  readonly logTrouble: () => LogTrouble | undefined;
}

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

  return { loggedContext, sealPeople: createPeopleSealer(keys) };
}

/** Whoever is barred, of these, between the decision and the append must not be answered. */
export function standsOn(grounds: Grounds): string[] {
  const { verified, decision, encrypted } = decidedOf(grounds);
  const { agency, certificate, encryptionKey } = verified.authenticated.caller;
  const kids = [chunkOf(grounds)?.kid ?? verified.kid, ...(encrypted && encryptionKey ? [encryptionKey.kid] : [])];
  return [
    `agency:${agency}`,
    `certificate:${certificate}`,
    ...kids.map((kid) => `key:${kid}`),
    `agreement:${decision.agreement.id}`,
  ];
}

/** An entry of the log as an operator may see it: codes, ids, revisions, fields by id. No value of a person, and no officer. */
import type { KeyObject } from 'node:crypto';
import { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { FoundEntry } from '../audit/find-entries.ts';
import { mayHoldPersonsNumber } from '../errors/persons-number.ts';
import { mayBeOfAPerson } from '../errors/request-id.ts';
import { openDecision } from '../exchange/seal-decision.ts';
import { readsLikeName } from './like-a-name.ts';
import { stageOutcomes } from './stage-outcomes.ts';

export type EntryView = ReturnType<typeof viewEntry>;

/** Stands for what a caller chose and what may be somebody's number. */
export const HIDDEN = '(hidden)';

/**
 * A number can stand in ids of requests, and inside of codes of entries from before the gateway refused them there. A name cannot be
 * refused: what reads like one may be a unit's.
 */
const shown = (text: string) =>
  mayBeOfAPerson(text) || mayHoldPersonsNumber(text) || readsLikeName(text) ? HIDDEN : text;
const hex = (bytes: Uint8Array) => (bytes.length === 0 ? undefined : Buffer.from(bytes).toString('hex'));

/**
 * @param key opens the sealed decision
 * @param counts whether what a key signed proves anything, given when the log had it
 */
export function viewEntry(
  { entry, position, intact, decision: sealed }: FoundEntry,
  key: KeyObject,
  counts: (kid: string, loggedAtSeconds: number) => boolean = () => true,
) {
  const kid = Buffer.from(entry.signingKey).toString('base64url');
  const { kind, context, revisions } = entry;
  const reason = entry.refusalReason as ErrorReason;
  return {
    entry_id: hex(entry.entryId),
    position,
    intact,
    kind: EntryKind[kind] ?? String(kind),
    at: new Date(Number(entry.timeMs)).toISOString(),
    agency: entry.agency,
    method: entry.method,
    outcome: kind === EntryKind.REFUSAL ? (ErrorReason[reason] ?? String(reason)) : 'OK',
    stages: stageOutcomes(kind, reason),
    ...(context === undefined
      ? {}
      : {
          request_id: shown(context.requestId),
          purpose: shown(context.purpose),
          service_code: shown(context.serviceCode),
          unit_code: shown(context.unitCode),
        }),
    ...(revisions === undefined
      ? {}
      : {
          policy: revisions.policy,
          agreement: revisions.agreement,
          change: Number(revisions.change),
          profile: revisions.profile,
        }),
    vocabulary_version: entry.vocabularyVersion,
    released_fields: entry.releasedFields,
    matched_fields: entry.matchedFields,
    decision: decisionOf(sealed, entry.decisionDigest, key),
    job_id: hex(entry.jobId),
    // An entry about the whole job has no number, and reads 0.
    chunk: kind === EntryKind.CHUNK || entry.chunkNum > 0 ? entry.chunkNum : undefined,
    rows: entry.rows,
    people: entry.people,
    gives_again: hex(entry.earlierEntryId),
    ...(kid === '' ? {} : { signing_key: kid, evidence: counts(kid, Number(entry.timeMs) / 1000) }),
  };
}

/** The parts of a decision that tell why; `unreadable` where the sealed bytes are not those that the entry binds. */
function decisionOf(sealed: Buffer | undefined, digest: Uint8Array, key: KeyObject) {
  if (sealed === undefined) return undefined;
  const decision = openDecision(key, sealed, digest);
  if (decision === undefined) return 'unreadable' as const;
  const { allow, reason, fields, refused, missing_context, grants, strictness, limits, agreement } = decision;
  const granted = Object.entries(grants).flatMap(([grant, given]) => (given ? [grant] : []));
  return { allow, reason, agreement, fields, refused, missing_context, grants: granted, strictness, limits };
}

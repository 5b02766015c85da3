/**
 * How much one person may ask for: officers answer everybody, by the clock of each, and whatever is recorded stays for years. Bounds that
 * nobody meets who asks for themselves. What takes a consent back is never refused for them, so each consent that is given counts.
 */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Effect } from '../exchange/log-port.ts';
import { CONSENTS_NOT_OVER, MOST_LISTED, OF_PERSON } from './consent-store.ts';

/**
 * Matters of one person that wait for an officer, whatever they are about, and consents that are not over: as many as the person's list
 * has, so that nothing is in force or waits that they are not shown.
 */
const MOST_AT_ONCE = MOST_LISTED;
/** What one person gives, restricts, lifts, objects to and asks for within a day. */
const MOST_A_DAY = 500;

const atMost = (rows: string, most: number) =>
  `SELECT 1 WHERE (SELECT count(*) FROM (${rows} LIMIT ${most}) AS one) < ${most}`;
const ofPerson = (table: string) =>
  `SELECT FROM ${table} WHERE scope_no = ANY (ARRAY(SELECT s.scope_no FROM consent_scope s WHERE ${OF_PERSON}))`;
const RECENT = "now() - interval '1 day'";
const WAITING = atMost(ofPerson('matter_open'), MOST_AT_ONCE);
const TODAY = atMost(
  `(${ofPerson('consent_matter')} AND recorded_at > ${RECENT} UNION ALL ${ofPerson('consent')} AND granted_at > ${RECENT})`,
  MOST_A_DAY,
);
export const TOO_MANY = { reason: ErrorReason.LIMITED, facts: { limits: ['MATTERS'] } } as const;

/** Before anything is recorded of what an officer is to decide. Two at the same instant may be let in beyond it. */
export const mayWait = (personNo: number): Effect => ({ text: WAITING, values: [personNo], orRefuse: TOO_MANY });

/** Before anything is recorded that a person gives or asks for. */
export const mayAskToday = (personNo: number): Effect => ({ text: TODAY, values: [personNo], orRefuse: TOO_MANY });

/** Before a consent is recorded. @param now unix seconds, whole */
export const mayGive = (personNo: number, now: number): Effect => ({
  text: atMost(CONSENTS_NOT_OVER, MOST_AT_ONCE),
  values: [personNo, now],
  orRefuse: TOO_MANY,
});

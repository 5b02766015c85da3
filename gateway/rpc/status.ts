import { Metadata, type StatusObject } from '@grpc/grpc-js';
import type { SentReason } from '../errors/catalogue.ts';
import { type RefusalFacts, refuse } from '../errors/refuse.ts';
import { makeRequestId } from '../errors/request-id.ts';
import type { QuotaLeft, Refusal } from '../exchange/ports.ts';
import { asBuffer } from './adapter.ts';

/** Metadata key of a request's signature and trailer key of an answer's. */
export const SIGNATURE_KEY = 'lt-signature';
/** Trailer key of what the call is called in the gateway's log. */
export const REQUEST_ID_KEY = 'lt-request-id';
/** Trailer keys of what is left of limits, and when they begin anew (unix seconds): `RATE=599,DAY_ROWS=49999`. */
const REMAINING_KEY = 'lt-quota-remaining';
const RESET_KEY = 'lt-quota-reset';
/** Metadata key of the client's own trace. */
const TRACEPARENT_KEY = 'traceparent';
const DETAILS_KEY = 'grpc-status-details-bin';

/** A refusal as grpc-js sends it: code, message, standard details and, where the caller is known, the signature over them. */
export function statusOf(refusal: Refusal & { readonly traceableId: string }): StatusObject {
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, asBuffer(refusal.details));
  if (refusal.signature !== undefined) metadata.set(SIGNATURE_KEY, refusal.signature);
  metadata.set(REQUEST_ID_KEY, refusal.traceableId);
  return { code: refusal.code, details: refusal.message, metadata };
}

/** A refusal of the edge's own: before anything was read, so its id is the gateway's. */
export function edgeRefusal(reason: SentReason, facts: RefusalFacts = {}): Refusal & { readonly traceableId: string } {
  const traceableId = makeRequestId();
  return { ...refuse(reason, { ...facts, requestId: traceableId }), traceableId };
}

/** The trailer of an answer: its signature, where it has one, its id, and what is left of the agreement's limits. */
export function trailerOf(
  signature: string | undefined,
  traceableId: string,
  quotas: readonly QuotaLeft[] = [],
): Metadata {
  const trailer = new Metadata();
  if (signature !== undefined) trailer.set(SIGNATURE_KEY, signature);
  trailer.set(REQUEST_ID_KEY, traceableId);
  if (quotas.length > 0) {
    trailer.set(REMAINING_KEY, quotas.map(({ limit, most, used }) => `${limit}=${Math.max(0, most - used)}`).join());
    trailer.set(RESET_KEY, quotas.map(({ limit, resetAt }) => `${limit}=${Math.ceil(resetAt)}`).join());
  }
  return trailer;
}

/** The client's `traceparent` as it stands, unchecked. */
export function traceparentOf(metadata: Metadata): string | undefined {
  const [value] = metadata.get(TRACEPARENT_KEY);
  return typeof value === 'string' ? value : undefined;
}

/**
 * The signature of a request, undefined where there is none. Several are joined by a comma, as HTTP/2 does: that is not a token,
 * so the exchange refuses it.
 */
export function signatureOf(metadata: Metadata): string | undefined {
  const values = metadata.get(SIGNATURE_KEY);
  return values.length === 0 ? undefined : values.join(',');
}

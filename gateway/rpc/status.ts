import { Metadata, type StatusObject } from '@grpc/grpc-js';
import type { Refusal } from '../exchange/ports.ts';
import { asBuffer } from './adapter.ts';

/** Metadata key of a request's signature and trailer key of an answer's. */
export const SIGNATURE_KEY = 'lt-signature';
const DETAILS_KEY = 'grpc-status-details-bin';

/** A refusal as grpc-js sends it: code, message, standard details and, where the caller is known, the signature over them. */
export function statusOf(refusal: Refusal): StatusObject {
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, asBuffer(refusal.details));
  if (refusal.signature !== undefined) metadata.set(SIGNATURE_KEY, refusal.signature);
  return { code: refusal.code, details: refusal.message, metadata };
}

/** The trailer of a signed answer. */
export function signatureTrailer(signature: string): Metadata {
  const trailer = new Metadata();
  trailer.set(SIGNATURE_KEY, signature);
  return trailer;
}

/**
 * The signature of a request, undefined where there is none. Several are joined by a comma, as HTTP/2 does: that is not a token,
 * so the exchange refuses it.
 */
export function signatureOf(metadata: Metadata): string | undefined {
  const values = metadata.get(SIGNATURE_KEY);
  return values.length === 0 ? undefined : values.join(',');
}

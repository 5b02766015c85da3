import type { HandshakeFault } from '../telemetry/edge-usage.ts';

/** What OpenSSL finds wrong with a chain of certificates, where that is not the certificate's own fault. */
const CHAIN: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/**
 * Why a handshake came to nothing, by the codes of Node and OpenSSL alone: `authorizationError` of the socket is there where the client's
 * certificate was looked at, and what is thrown then is only that the connection was closed.
 */
export function faultOfHandshake(fault: unknown, authorizationError: unknown): HandshakeFault {
  const code = codeOf(fault);
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'TIMEOUT';
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'NO_CERTIFICATE';
  // Of a CA that only bears the name of ours: the signature itself is thrown, whatever else is wrong.
  if (code === 'ERR_SSL_PROVIDER_SIGNATURE_FAILURE') return 'UNKNOWN_AUTHORITY';
  // Text at run time, whatever the types say.
  if (typeof authorizationError === 'string') return faultOfCertificate(authorizationError);
  if (/_ALERT_.*(CERTIFICATE|UNKNOWN_CA)/.test(code)) return 'PEER_REFUSED';
  if (code.startsWith('ERR_SSL_')) return 'PROTOCOL';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'LEFT' : 'OTHER';
}

function faultOfCertificate(problem: string): HandshakeFault {
  if (problem === 'CERT_HAS_EXPIRED') return 'EXPIRED';
  if (problem === 'CERT_NOT_YET_VALID') return 'NOT_YET_VALID';
  return CHAIN.has(problem) ? 'UNKNOWN_AUTHORITY' : 'UNFIT_CERTIFICATE';
}

function codeOf(fault: unknown): string {
  const { code } = Object(fault) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

import { expect, test } from 'vitest';
import { faultOfHandshake } from './handshake-fault.ts';

const thrown = (code: string) => Object.assign(new Error('TLS: a value that nobody is to see'), { code });

// What real connections give is held by tls.test.ts; here stands what no client of Node says or shows.
test.each([
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', null, 'PEER_REFUSED'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', null, 'PEER_REFUSED'],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', null, 'PEER_REFUSED'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', null, 'PROTOCOL'],
  ['ECONNRESET', 'INVALID_PURPOSE', 'UNFIT_CERTIFICATE'],
  ['ECONNRESET', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNKNOWN_AUTHORITY'],
  ['ERR_SSL_PROVIDER_SIGNATURE_FAILURE', 'CERT_HAS_EXPIRED', 'UNKNOWN_AUTHORITY'],
  ['EPIPE', undefined, 'LEFT'],
  ['EMFILE', null, 'OTHER'],
] as const)('%s beside %s is %s', (code, authorizationError, why) => {
  expect(faultOfHandshake(thrown(code), authorizationError)).toBe(why);
});

test('what has no code is no reason of its own', () => {
  for (const fault of [new Error('x'), undefined, null, 'x']) expect(faultOfHandshake(fault, null)).toBe('OTHER');
});

import { describe, expect, it } from 'vitest';
import { gatewayError } from './refusal.ts';

/** The error for a failure of which the library says `text` and the gateway nothing. */
const said = (code: number, text: string, address = 'gw.example:7443') =>
  gatewayError({ code, text, message: undefined, details: undefined, signature: undefined }, address);

describe('a gateway that is not reached', () => {
  it.each([
    'gw-tls.example',
    'ssl.moh.example',
    'alert',
    'certificate-authority',
    '10.0.0.1',
  ])('is away for a moment where %s does not resolve, whatever its name says', (host) => {
    const error = said(14, `Name resolution failed for target dns:${host}:7443`, `${host}:7443`);
    expect(error).toMatchObject({ reason: 'UNAVAILABLE', exitCode: 5, passing: true });
  });

  it.each([
    ['unable to verify the first certificate', 'c:7443'],
    ["Hostname/IP does not match certificate's altnames: Host: gw-tls. is not in the cert's altnames", 'gw-tls:7443'],
    ['SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:SSL alert number 48', 'ssl:7443'],
    ['self-signed certificate in certificate chain', 'gw-tls.example:7443'],
  ])('is refused where one side does not accept a certificate: %s', (text, address) => {
    const error = said(14, `No connection established. Last error: Error: ${text}`, address);
    expect(error).toMatchObject({ reason: 'TLS_REFUSED', exitCode: 3, passing: false });
  });
});

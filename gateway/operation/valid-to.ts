import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Unix seconds at which the first certificate of a PEM ends: a chain holds no longer than its weakest link. @throws where there is none */
export function validToOf(pem: Buffer): number {
  const ends = (pem.toString('latin1').match(BLOCK) ?? [pem]).map((one) =>
    new X509Certificate(one).validToDate.getTime(),
  );
  return Math.floor(Math.min(...ends) / 1000);
}

import type { PrivateJwk } from '../../../gateway/signing/key-store.ts';
import type { PublicJwk } from '../../../gateway/signing/public-key.ts';
import type { TlsFiles } from '../tls.ts';

/** What the naive server is told. */
export interface NaiveSetup {
  readonly tls: TlsFiles;
  readonly databaseUrl: string;
  readonly opaUrl: string;
  readonly deployment: string;
  readonly legalEntity: string;
  /** SHA-256 of the client's certificate, as the policy wants it; the naive server takes any that the CA issued. */
  readonly certificate: string;
  /** The one key that calls may be signed with. */
  readonly agencyKey: PublicJwk;
  readonly serverKey: PrivateJwk;
}

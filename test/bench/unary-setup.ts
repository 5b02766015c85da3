import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import type { TlsFiles } from './tls.ts';

interface Common {
  readonly inFlight: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

/** Signed calls, each of another person, each answer verified. */
interface SignedCalls extends Common {
  /** Profile folder of the agency that calls. */
  readonly profile: string;
  readonly persons: number;
  /** Index of the first person to ask for. */
  readonly from: number;
  /** JSON file of the people to ask for, again and again, in the place of those of a share of the population. */
  readonly people?: string;
}

/** What a client process is told: whom to call, and how. */
export type ClientSetup =
  | (SignedCalls & { readonly kind: 'gateway' })
  | (SignedCalls & {
      readonly kind: 'naive';
      readonly address: string;
      readonly tls: TlsFiles;
      /** Key that the server signs its answers with. */
      readonly serverKey: PublicJwk;
    })
  | (Common & {
      readonly kind: 'echo';
      readonly address: string;
      readonly tls: TlsFiles;
      readonly requestBytes: number;
    });

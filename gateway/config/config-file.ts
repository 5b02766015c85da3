/** The gateway's config file, `config.json`. Secrets stand in it by URI only: `file:PATH` (relative to its folder) or `env:NAME`. */

export const CONFIG_VERSION = 1;
export const DEFAULT_PORT = 7443;

export type DeploymentKind = 'development' | 'production';

/** Numbers that an operator may set; what is absent keeps its default. */
export const LIMIT_NAMES = [
  'concurrentStreams',
  'receiveBytes',
  'sessionMemoryMb',
  'connectionAgeMs',
  'connectionAgeGraceMs',
  'windowBytes',
  'handshakeMs',
  'connections',
  'ioThreads',
  'matchingThreads',
  'callsPerEntity',
  'streamsPerEntity',
  'jobsPerAgency',
  'chunksPerSecond',
  'connectionsPerEntity',
  'requestsPerEntity',
  'refusalsPerSecond',
  'heldBytes',
  'heldBytesPerEntity',
  'heldWaitMs',
  'windowBytesPerEntity',
  'connectionIdleMs',
  'messageMs',
  'noiseBytes',
  'handshakes',
  'handshakesPerAddress',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

export interface GatewayConfigFile {
  readonly version: typeof CONFIG_VERSION;
  readonly deployment: {
    /** Example: "dev-k3v9q2xa". */
    readonly id: string;
    readonly kind: DeploymentKind;
  };
  readonly listen: {
    /** Production must say it; development listens on loopback only, whatever stands here. */
    readonly host?: string;
    readonly port?: number;
  };
  readonly database: {
    /** URI of the URL: it may hold a password. */
    readonly url: string;
  };
  /** PEM: the CA of clients' certificates, the server's certificate chain, its key in PKCS #8. */
  readonly tls: { readonly ca: string; readonly certificate: string; readonly key: string };
  /** Private JWK that answers are signed with. This file and the next are looked at every second. */
  readonly signing_key: string;
  /** `{ "payload": base64url, "jws": … }`, signed by the root key, which the gateway does not have. */
  readonly key_set: string;
  /** Public JWK of the root, as clients pin it: a set that it did not sign is not taken. Absent: clients alone check that. */
  readonly key_set_root?: string;
  readonly log: {
    /** Origin line of checkpoints. */
    readonly origin: string;
    /** PEM of the checkpoints' P-256 key. */
    readonly key: string;
    /** `file:` of the last head kept outside the database; made by the gateway. */
    readonly heads: string;
    /** How many organisations must have cosigned a head before it is called witnessed; 2 unless given. */
    readonly witnesses?: number;
  };
  /** JSON as `sealing/key-ring.ts` writes it. */
  readonly storage_keys: string;
  readonly policy: {
    readonly wasm: string;
    readonly manifest: string;
    /** The `lt-policy+jws` over both: without it they decide nothing. */
    readonly signature: string;
    /** Public JWK of whoever signs rules: pinned here, and nowhere in the database. */
    readonly key: string;
  };
  /**
   * RFC 7638 thumbprints of the keys of the officers who sign agreements, two at least: the rows in the database count only
   * for them. Production must say it; development without it lets every enrolled officer count.
   */
  readonly officers?: readonly string[];
  /** What is absent keeps its default. */
  readonly limits?: Readonly<Partial<Record<LimitName, number>>>;
  /** Whether this gateway may work on the index of accesses: yes, unless it is left to other gateways of the deployment. */
  readonly accesses?: { readonly index: boolean };
  /** Where metrics are read (`GET /metrics`, HTTP, no authentication): loopback unless a host is given. Absent: nowhere. */
  readonly metrics?: { readonly host?: string; readonly port: number };
  /** Where traces go. Absent: none are made. */
  readonly traces?: {
    /** OTLP over HTTP, JSON. Example: "http://127.0.0.1:4318/v1/traces". */
    readonly endpoint: string;
    /** Share of calls and chunks that are traced, above 0 and up to 1. */
    readonly ratio: number;
  };
}

/** Stands in the name of every development CA; a production config that trusts one is refused. */
export const DEVELOPMENT_CA_MARK = 'development CA';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

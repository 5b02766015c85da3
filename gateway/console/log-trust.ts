import type { SignedClient } from '../../connectors/kit/client.ts';
import { keysNotLost } from '../signing/key-set.ts';

/** What a browser checks a proof by. */
export interface LogTrust {
  /** Origin line of the log's heads. */
  readonly origin: string;
  readonly keys: readonly {
    /** RFC 7638 thumbprint, to be compared with what is published. */
    readonly kid: string;
    /** SubjectPublicKeyInfo in DER, base64url. */
    readonly der: string;
  }[];
}

/** The log's keys, from the key set that was verified against the root which the profile pins. */
export async function readLogTrust({ keySet, profile }: Pick<SignedClient, 'keySet' | 'profile'>): Promise<LogTrust> {
  const { set } = await keySet.get();
  const keys = keysNotLost(set, 'gateway').map(({ kid, key }) => ({
    kid,
    der: key.export({ type: 'spki', format: 'der' }).toString('base64url'),
  }));
  return { origin: profile.logOrigin, keys };
}

import { type Ending, ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { SignedClient } from './client.ts';

/** Something of the agency's own that ends within 60 days, of raised limits within 30, as its gateway tells. */
export type EndingSoon = {
  readonly what: EndingKind;
  /** Thumbprint of the key, or id and version of the agreement, with the limit that is raised; empty for the certificate of this profile. */
  readonly subject: string;
  /** Unix seconds. */
  readonly until: number;
  /** 7, 30 or 60: the smallest that holds. */
  readonly withinDays: number;
};

const KINDS = ['certificate', 'signing_key', 'agreement', 'raised_limit'] as const;
export type EndingKind = (typeof KINDS)[number];

const DEADLINE_MS = 5_000;

/**
 * What of the caller's own ends soon, the first to end first; none where the gateway does not say. It is asked beside work that is
 * done, which does not fail of it.
 */
export async function readEndings(client: Pick<SignedClient, 'open'>, signal?: AbortSignal): Promise<EndingSoon[]> {
  try {
    const options = { deadlineMs: DEADLINE_MS, retryForMs: 0, ...(signal === undefined ? {} : { signal }) };
    return endingsOf((await client.open(ServerService.method.getServerInfo, {}, options)).ending);
  } catch {
    return [];
  }
}

/** Kinds that this version does not know are passed over: it has no words for them. */
export function endingsOf(told: readonly Ending[]): EndingSoon[] {
  return told.flatMap(({ what, subject, until, withinDays }) => {
    const kind = KINDS.find((one) => one === what);
    return kind === undefined ? [] : [{ what: kind, subject, until: Number(until), withinDays }];
  });
}

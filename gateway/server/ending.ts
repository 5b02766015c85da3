import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EndingSchema } from '../../proto/gen/lienthong/server/v1/server_pb.js';

const DAY = 86_400;
const WITHIN_DAYS = [7, 30, 60] as const;

/** What an agency has that ends. All in unix seconds. */
export interface Ends {
  readonly agreements: readonly { readonly id: string; readonly version: number; readonly valid_to: number }[];
  /** Its signing keys, as far as they end by themselves. */
  readonly keys: readonly { readonly kid: string; readonly until: number }[];
  /** The certificate of this connection. */
  readonly certificate: number;
}

/** What of it ends within 60 days, the first to end first. */
export function endingOf(
  { agreements, keys, certificate }: Ends,
  now: number,
): MessageInitShape<typeof EndingSchema>[] {
  const all = [
    { what: 'certificate', subject: '', until: certificate },
    ...keys.map(({ kid, until }) => ({ what: 'signing_key', subject: kid, until })),
    ...agreements.map(({ id, version, valid_to }) => ({
      ...{ what: 'agreement', subject: `${id}:${version}`, until: valid_to },
    })),
  ];
  return all
    .sort((a, b) => a.until - b.until)
    .flatMap(({ what, subject, until }) => {
      // What has ended is no longer ending: its calls are refused, and say so.
      const withinDays = until <= now ? undefined : WITHIN_DAYS.find((days) => until <= now + days * DAY);
      return withinDays === undefined ? [] : [{ what, subject, until: BigInt(until), withinDays }];
    });
}

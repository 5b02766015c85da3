import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EndingSchema } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { ChangedLimitSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';

const DAY = 86_400;
const WITHIN_DAYS = [7, 30, 60] as const;
/** A raise lasts a quarter of a year at most. */
const RAISE_WITHIN_DAYS = [7, 30] as const;

/** What an agency has that ends. All in unix seconds. */
export interface Ends {
  readonly agreements: readonly {
    readonly id: string;
    readonly version: number;
    readonly valid_to: number;
    readonly changedLimits: readonly MessageInitShape<typeof ChangedLimitSchema>[];
  }[];
  /** Its signing keys, as far as they end by themselves. */
  readonly keys: readonly { readonly kid: string; readonly until: number }[];
  /** The certificate of this connection. */
  readonly certificate: number;
}

/** What of it ends within 60 days, of raised limits within 30; the first to end first. */
export function endingOf(
  { agreements, keys, certificate }: Ends,
  now: number,
): MessageInitShape<typeof EndingSchema>[] {
  const all = [
    { what: 'certificate', subject: '', until: certificate, steps: WITHIN_DAYS },
    ...keys.map(({ kid, until }) => ({ what: 'signing_key', subject: kid, until, steps: WITHIN_DAYS })),
    ...agreements.flatMap(({ id, version, valid_to, changedLimits }) => [
      { what: 'agreement', subject: `${id}:${version}`, until: valid_to, steps: WITHIN_DAYS },
      // What was lowered has no end of its own: 0, which is over.
      ...changedLimits.map(({ limit = '', until = 0n }) => ({
        ...{
          what: 'raised_limit',
          subject: `${id}:${version} ${limit}`,
          until: Number(until),
          steps: RAISE_WITHIN_DAYS,
        },
      })),
    ]),
  ];
  return all
    .sort((a, b) => a.until - b.until)
    .flatMap(({ what, subject, until, steps }) => {
      // What has ended is no longer ending: its calls are refused, and say so.
      const withinDays = until <= now ? undefined : steps.find((days) => until <= now + days * DAY);
      return withinDays === undefined ? [] : [{ what, subject, until: BigInt(until), withinDays }];
    });
}

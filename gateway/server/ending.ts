import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EndingSchema } from '../../proto/gen/lienthong/server/v1/server_pb.js';

const DAY = 86_400;
const WITHIN_DAYS = [7, 30, 60] as const;

type Ends = { readonly id: string; readonly version: number; readonly valid_to: number };

/** What of an agency's own ends within 60 days: this certificate, its agreements. All in unix seconds. */
export function endingOf(
  agreements: readonly Ends[],
  certificateUntil: number,
  now: number,
): MessageInitShape<typeof EndingSchema>[] {
  const all = [
    { what: 'certificate', subject: '', until: certificateUntil },
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

import { toJson } from '@bufbuild/protobuf';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  type Job,
  JobSchema,
  JobState,
  Verdict,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { table } from '../layout.ts';
import { localMinute } from '../local-time.ts';
import { count, percent } from '../numbers.ts';

const WORDS = {
  en: {
    job: 'Job',
    state: 'State',
    rows: 'Rows',
    opened: 'Opened (+07:00)',
    used: 'Last used (+07:00)',
    verdict: 'Verdict',
    share: 'Share',
  },
  vi: {
    job: 'Công việc',
    state: 'Trạng thái',
    rows: 'Số dòng',
    opened: 'Mở lúc (+07:00)',
    used: 'Dùng lần cuối (+07:00)',
    verdict: 'Kết luận',
    share: 'Tỷ lệ',
  },
} as const;

/** A job for programs: what is zero stands there as well, so that a script needs to know no defaults. */
export const jobJson = (job: Job) => toJson(JobSchema, job, { useProtoFieldName: true, alwaysEmitImplicit: true });

export function jobTable(jobs: readonly Job[], language: Language, width: number): string {
  const words = WORDS[language];
  const columns = [
    { title: words.job },
    { title: words.state },
    { title: words.rows, align: 'right' as const },
    { title: words.opened },
    { title: words.used },
  ];
  const rows = jobs.map(({ jobId, state, rows: answered, startedAt, activeAt }) => [
    jobId,
    JobState[state],
    count(Number(answered), language),
    localMinute(Number(startedAt)),
    localMinute(Number(activeAt)),
  ]);
  return table(columns, rows, width);
}

export function totalsTable({ totals, rows }: Job, language: Language, width: number): string {
  const words = WORDS[language];
  const columns = [
    { title: words.verdict },
    { title: words.rows, align: 'right' as const },
    { title: words.share, align: 'right' as const },
  ];
  const lines = totals.map((total) => [
    Verdict[total.verdict],
    count(Number(total.rows), language),
    percent(Number(total.rows), Number(rows), language),
  ]);
  return table(columns, lines, width);
}

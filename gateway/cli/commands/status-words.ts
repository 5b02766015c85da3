/** What `status` says to people, in both languages. */
import type { Language } from '../../../connectors/kit/messages.ts';
import { DUE } from '../../consent/open-matters.ts';
import { daysLeft, type Expiring } from '../../operation/expiries.ts';
import type { Finding } from '../../operation/judge-status.ts';
import type { DeploymentStatus, StoredStatus } from '../../operation/read-status.ts';
import type { ScrapedGateway, Unscraped } from '../../operation/scraped.ts';
import { table } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { type Terminal, widthOf } from '../terminal.ts';
import { FINDING_WORDS } from './finding-words.ts';

const WHAT: Readonly<Record<Expiring, Readonly<Record<Language, string>>>> = {
  ca_certificate: { en: 'CA of the clients', vi: 'CA của máy khách' },
  server_certificate: { en: "gateway's certificate", vi: 'chứng thư của cổng' },
  agency_certificate: { en: 'certificate of', vi: 'chứng thư của' },
  agency_key: { en: 'signing key of', vi: 'khóa ký của' },
  agreement: { en: 'agreement of', vi: 'thỏa thuận của' },
  raised_limit: { en: 'raised limit of', vi: 'hạn mức được nâng của' },
  policy_rules: { en: 'rules, revision', vi: 'bộ quy tắc, bản' },
};

const WORDS = {
  en: {
    well: '✓ Deployment {id}: nothing needs anybody.',
    unwell: 'Deployment {id}:',
    titles: ['What', 'Now'],
    jobs: 'Jobs open · paused · closing',
    answers: 'Answers kept for a retry',
    keys: 'Keys of agencies, active',
    officers: 'Officers who can sign',
    proposals: 'Proposals open · end within 3 days',
    log: 'Log',
    logOf: '{count} entries, a head of {kept} kept {at}',
    logUnkept: '{count} entries, no head kept',
    witnessed: 'Log, witnessed',
    witnessedOf: '{count} entries, by {needed} organisations at least, {at}',
    unwitnessed: 'not yet by {needed} organisations',
    accesses: 'Entries not yet in the lists of accesses',
    matters: "Persons' matters overdue · soon · later",
    mattersOf: '{overdue} · {soon} · {later}, the first by {at}',
    delays: 'Uses not shown to persons yet, by law',
    delaysOf: '{count}, the last until {at}',
    overdue: 'Rows kept beyond their time',
    workers: 'Gateways with a lease',
    since: '{count} (the longest since {at})',
    gateway: 'This gateway',
    gatewayOf: '{state}; calls {calls}, chunks {chunks}, waiting for the log {append}, for a look-up {lookup}',
    ends: ['Ends within 60 days', 'When', 'Days left'],
    endsNone: 'Nothing ends within 60 days.',
  },
  vi: {
    well: '✓ Hệ thống {id}: không có việc gì cần xử lý.',
    unwell: 'Hệ thống {id}:',
    titles: ['Mục', 'Hiện tại'],
    jobs: 'Công việc mở · tạm dừng · đang đóng',
    answers: 'Câu trả lời còn giữ để gửi lại',
    keys: 'Khóa đang dùng của các cơ quan',
    officers: 'Cán bộ có thể ký',
    proposals: 'Đề xuất đang chờ · hết hạn trong 3 ngày',
    log: 'Nhật ký',
    logOf: '{count} bản ghi, mốc {kept} bản ghi lưu lúc {at}',
    logUnkept: '{count} bản ghi, chưa lưu mốc nào',
    witnessed: 'Nhật ký đã chứng kiến',
    witnessedOf: '{count} bản ghi, ít nhất {needed} tổ chức, lúc {at}',
    unwitnessed: 'chưa đủ {needed} tổ chức',
    accesses: 'Bản ghi chưa vào danh sách truy cập',
    matters: 'Yêu cầu công dân quá hạn · gần hạn · còn lâu',
    mattersOf: '{overdue} · {soon} · {later}, sớm nhất trước {at}',
    delays: 'Lượt dùng luật chưa cho công dân biết',
    delaysOf: '{count}, muộn nhất tới {at}',
    overdue: 'Dòng giữ quá thời hạn',
    workers: 'Số cổng còn giữ quyền chạy',
    since: '{count} (lâu nhất từ {at})',
    gateway: 'Cổng này',
    gatewayOf: '{state}; lời gọi {calls}, lô {chunks}, chờ ghi nhật ký {append}, chờ tra cứu {lookup}',
    ends: ['Hết hạn trong 60 ngày', 'Lúc', 'Còn (ngày)'],
    endsNone: 'Không có gì hết hạn trong 60 ngày.',
  },
} as const;

const SHOWN_DAYS = 60;
const SIGNS = { critical: '✗', warning: '!' } as const;

export interface ShownStatus {
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly gateway: ScrapedGateway | Unscraped | undefined;
  readonly findings: readonly Finding[];
}

/** Findings first, then the figures, then what ends soon. */
export function statusLines(
  { id, status, gateway, findings }: ShownStatus,
  language: Language,
  { stdout }: Pick<Terminal, 'stdout'>,
): string[] {
  const words = WORDS[language];
  const width = widthOf(stdout);
  const lines = [fill(findings.length === 0 ? words.well : words.unwell, { id })];
  for (const { finding, weight, count: number, names } of findings) {
    lines.push(
      `${SIGNS[weight]} ${fill(FINDING_WORDS[finding][language], { count: number, names: names?.join(', ') ?? '' })}`,
    );
  }
  if (status.stored !== undefined) {
    lines.push(figures(status.stored, gateway, language, width), endings(status.stored, language, width));
  }
  return lines;
}

function logText({ entries, headKept }: StoredStatus['log'], language: Language): string {
  const words = WORDS[language];
  if (headKept === undefined) return fill(words.logUnkept, { count: count(entries, language) });
  return fill(words.logOf, {
    count: count(entries, language),
    kept: count(headKept.entries, language),
    at: localTime(headKept.at),
  });
}

function witnessedText({ witnessed, witnessesNeeded: needed }: StoredStatus['log'], language: Language): string {
  const words = WORDS[language];
  if (witnessed.at === undefined) return fill(words.unwitnessed, { needed });
  return fill(words.witnessedOf, { count: count(witnessed.size, language), needed, at: localTime(witnessed.at) });
}

function mattersText({ counts, nextDue }: StoredStatus['matters'], language: Language): string {
  const [overdue, soon, later] = DUE.map((due) =>
    count(
      Object.values(counts).reduce((sum, ofKind) => sum + ofKind[due], 0),
      language,
    ),
  ) as [string, string, string];
  if (nextDue === undefined) return '0';
  return fill(WORDS[language].mattersOf, { overdue, soon, later, at: localTime(nextDue) });
}

function figures(
  { waiting, agencyKeys, officers, log, workers, accesses, delays, matters, proposals, overdue }: StoredStatus,
  gateway: ScrapedGateway | Unscraped | undefined,
  language: Language,
  width: number,
): string {
  const words = WORDS[language];
  const { jobs, storedAnswers } = waiting;
  const live = workers.filter((worker) => worker.live);
  const oldest = Math.min(...live.map(({ startedAt }) => startedAt));
  const rows = [
    [words.workers, live.length === 0 ? '0' : fill(words.since, { count: live.length, at: localTime(oldest) })],
    [words.log, logText(log, language)],
    [words.witnessed, witnessedText(log, language)],
    [words.jobs, [jobs.OPEN, jobs.PAUSED, jobs.CLOSING].map((number) => count(number ?? 0, language)).join(' · ')],
    [words.answers, count(storedAnswers, language)],
    [words.matters, mattersText(matters, language)],
    [words.accesses, count(accesses.behind, language)],
    [
      words.delays,
      delays.uses === 0
        ? '0'
        : fill(words.delaysOf, { count: count(delays.uses, language), at: localTime(delays.until) }),
    ],
    [
      words.overdue,
      count(
        Object.values(overdue).reduce((sum, number) => sum + number, 0),
        language,
      ),
    ],
    [words.keys, count(agencyKeys.active, language)],
    [words.officers, count(officers, language)],
    [words.proposals, `${count(proposals.open, language)} · ${count(proposals.soon, language)}`],
  ];
  if (typeof gateway === 'object') {
    const { state, callsInFlight: calls, chunksInFlight: chunks, appendQueue: append, lookupQueue: lookup } = gateway;
    rows.push([words.gateway, fill(words.gatewayOf, { state, calls, chunks, append, lookup })]);
  }
  const [what, now] = words.titles;
  return table([{ title: what }, { title: now, wide: true }], rows, width);
}

function endings({ expiries, now }: StoredStatus, language: Language, width: number): string {
  const words = WORDS[language];
  const soon = expiries.filter(({ until }) => daysLeft(until, now) < SHOWN_DAYS);
  if (soon.length === 0) return words.endsNone;
  const [what, when, left] = words.ends;
  return table(
    [{ title: what, wide: true }, { title: when }, { title: left, align: 'right' }],
    soon.map((one) => [
      `${WHAT[one.what][language]} ${one.subject}`.trim(),
      localTime(one.until),
      String(daysLeft(one.until, now)),
    ]),
    width,
  );
}

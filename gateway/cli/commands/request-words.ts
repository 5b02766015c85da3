/** What `request show` says to people, in both languages. */
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Stage } from '../../exchange/stage-names.ts';
import { pathOf } from '../../fields/vocabulary.ts';
import type { EntryView } from '../../operation/entry-view.ts';
import type { StageOutcome } from '../../operation/stage-outcomes.ts';
import { table } from '../layout.ts';
import { localTimeOf } from '../local-time.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { type Terminal, widthOf } from '../terminal.ts';

const STAGE_WORDS: Readonly<Record<Stage, Readonly<Record<Language, string>>>> = {
  authenticate: { en: 'certificate', vi: 'chứng thư' },
  verify: { en: 'signature and message', vi: 'chữ ký và nội dung' },
  decide: { en: 'policy', vi: 'chính sách' },
  consent: { en: 'consent', vi: 'sự đồng ý' },
  fetch: { en: 'look-up', vi: 'tra cứu' },
  filter: { en: 'matching and filter', vi: 'đối chiếu và lọc' },
  record: { en: 'record in the log', vi: 'ghi nhật ký' },
  sign: { en: 'signature of the answer', vi: 'ký câu trả lời' },
};

const OUTCOME_WORDS: Readonly<Record<StageOutcome, Readonly<Record<Language, string>>>> = {
  passed: { en: '✓ passed', vi: '✓ đạt' },
  refused: { en: '✗ refused', vi: '✗ từ chối' },
  'not-reached': { en: '– not reached', vi: '– chưa tới' },
  unknown: { en: '? not told by the entry', vi: '? bản ghi không cho biết' },
};

export const REQUEST_WORDS = {
  en: {
    head: '{at}  {kind} of {agency}: {outcome}',
    notIntact:
      '✗ The stored bytes of this entry are not those that the log was built from: run "lienthong audit verify".',
    noEvidence:
      '! The key that this was asked with ({key}) may have been in other hands by then: it does not prove that {agency} asked.',
    titles: ['Stage', 'Outcome', 'From'],
    method: 'Method',
    context: 'Purpose · service · unit',
    request: 'Request id',
    agreement: 'Agreement · policy',
    profile: 'Matching profile',
    released: 'Fields released',
    matched: 'Fields compared',
    refused: 'Fields refused',
    missing: 'Context missing',
    job: 'Job · chunk',
    figures: 'Rows · people',
    entry: 'Log entry · position',
    again: 'Gives again',
    unreadable: 'sealed decision unreadable',
    more: 'There are more entries of this request; --json or a chunk (JOB:NUMBER) narrows it.',
  },
  vi: {
    head: '{at}  {kind} của {agency}: {outcome}',
    notIntact:
      '✗ Nội dung lưu của bản ghi này không còn là nội dung đã đưa vào nhật ký: chạy "lienthong audit verify".',
    noEvidence:
      '! Khóa đã ký yêu cầu này ({key}) có thể đã bị lộ vào lúc đó: bản ghi này không chứng minh rằng {agency} đã hỏi.',
    titles: ['Bước', 'Kết quả', 'Căn cứ'],
    method: 'Phương thức',
    context: 'Mục đích · dịch vụ · đơn vị',
    request: 'Mã yêu cầu',
    agreement: 'Thỏa thuận · chính sách',
    profile: 'Bộ quy tắc đối chiếu',
    released: 'Trường đã cung cấp',
    matched: 'Trường đã đối chiếu',
    refused: 'Trường bị từ chối',
    missing: 'Thiếu trong ngữ cảnh',
    job: 'Công việc · lô',
    figures: 'Số dòng · số người',
    entry: 'Bản ghi nhật ký · vị trí',
    again: 'Gửi lại của',
    unreadable: 'không mở được quyết định đã niêm phong',
    more: 'Yêu cầu này còn nhiều bản ghi khác; dùng mã một lô (CÔNG_VIỆC:SỐ) để thu hẹp.',
  },
} as const;

const joined = (...parts: readonly (string | number | undefined)[]) =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');
const paths = (ids: readonly number[]) => ids.map((id) => pathOf(id)).join(', ');

/** One entry: what became of it, stage by stage, and what it stands on. */
export function entryLines(view: EntryView, language: Language, { stdout }: Pick<Terminal, 'stdout'>): string[] {
  const words = REQUEST_WORDS[language];
  const width = widthOf(stdout);
  const at = localTimeOf(view.at);
  const lines = [fill(words.head, { at, kind: view.kind, agency: view.agency, outcome: view.outcome })];
  if (!view.intact) lines.push(words.notIntact);
  if (view.evidence === false) lines.push(fill(words.noEvidence, { key: view.signing_key ?? '', agency: view.agency }));
  if (view.stages !== undefined) {
    const [stage, outcome, from] = words.titles;
    lines.push(
      table(
        [{ title: stage }, { title: outcome }, { title: from, wide: true }],
        view.stages.map((one) => [
          STAGE_WORDS[one.stage][language],
          OUTCOME_WORDS[one.outcome][language],
          one.outcome === 'not-reached' ? '' : groundsOf(one.stage, view, language),
        ]),
        width,
      ),
    );
  }
  lines.push(
    ...facts(view, language)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `  ${name}: ${value}`),
    '',
  );
  return lines;
}

/** What a stage went by. */
function groundsOf(stage: Stage, view: EntryView, language: Language): string {
  const { decision } = view;
  if (stage === 'decide') {
    if (decision === 'unreadable') return REQUEST_WORDS[language].unreadable;
    return joined(decision?.reason, view.policy, view.agreement ?? agreementOf(view));
  }
  if (stage === 'consent' && typeof decision === 'object') {
    return [...new Set(decision.fields.map(({ basis }) => basis))].join(', ');
  }
  return '';
}

function agreementOf({ decision }: EntryView): string | undefined {
  if (typeof decision !== 'object' || decision.agreement.id === '') return undefined;
  return `${decision.agreement.id}:${decision.agreement.version}`;
}

function facts(view: EntryView, language: Language): [string, string][] {
  const words = REQUEST_WORDS[language];
  const decision = typeof view.decision === 'object' ? view.decision : undefined;
  return [
    [words.method, view.method],
    [words.request, view.request_id ?? ''],
    [words.context, joined(view.purpose, view.service_code, view.unit_code)],
    [words.agreement, joined(view.agreement, view.policy)],
    [words.profile, view.profile ?? ''],
    [words.released, paths(view.released_fields)],
    [words.matched, paths(view.matched_fields)],
    [words.refused, (decision?.refused ?? []).map(({ id, reason }) => `${pathOf(id)} (${reason})`).join(', ')],
    [words.missing, (decision?.missing_context ?? []).join(', ')],
    [words.job, joined(view.job_id, view.chunk)],
    [
      words.figures,
      view.rows + view.people === 0 ? '' : joined(count(view.rows, language), count(view.people, language)),
    ],
    [words.entry, joined(view.entry_id, view.position)],
    [words.again, view.gives_again ?? ''],
  ];
}

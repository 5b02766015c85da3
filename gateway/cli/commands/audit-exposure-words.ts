/** What `audit exposure` says, to people in both languages and to programs. */
import type { ExposedField, Exposure } from '../../accesses/exposure.ts';
import { isSensitive, pathOf } from '../../fields/vocabulary.ts';
import type { CommandContext } from '../cli.ts';
import { table } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { numbers } from '../numbers.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import type { Listed } from './audit-exposure-file.ts';

const at = (unixMs: number): string => localTime(unixMs / 1000);

export const WORDS = {
  en: {
    at,
    reading: 'Reading the log',
    writing: 'Writing the numbers',
    entries: '{count} entries',
    none: 'The log has no entry with the key {key} of that time.',
    head: '{entries} entries of {agency} with the key {key}, from {first} to {last}: {answers} answers, {refused} refused',
    people: 'People whose data was told or compared: {people}; of {told} of them values left. Uses: {uses}',
    onlyRefused: 'People who were only looked up for what was then refused: {people}',
    nameless: 'Places in answers that name nobody, unlinked people among them: {count}',
    delayed:
      '! Uses that a law does not let the person be told of yet: {count}. Ask whose case it is before notifying.',
    fields: ['Field', 'Class', 'Answers that told it', 'Answers that compared it'],
    classes: { basic: 'basic', sensitive: 'sensitive' },
    methods: ['Method', 'Purpose', 'Answers'],
    written: '✓ {file}: the numbers of {named} people, for their notification only. Delete it when that is done.',
    unlinked: 'Unlinked from the log by now, and not in the file: {people}',
    logged: 'The log has an entry of this look.',
    notBarred:
      '! The key is not said to have been in other hands, and may still be used: lienthong key bar {key} --compromised-from TIME',
    barredBefore:
      '! The key was barred as lost since {at}: what was asked between that and --since is not counted here.',
  },
  vi: {
    at,
    reading: 'Đang đọc nhật ký',
    writing: 'Đang ghi các số định danh',
    entries: '{count} bản ghi',
    none: 'Nhật ký không có bản ghi nào với khóa {key} trong thời gian đó.',
    head: '{entries} bản ghi của {agency} với khóa {key}, từ {first} đến {last}: {answers} câu trả lời, {refused} lần từ chối',
    people:
      'Số người có dữ liệu đã cung cấp hoặc đối chiếu: {people}; trong đó {told} người bị lộ giá trị. Lượt sử dụng: {uses}',
    onlyRefused: 'Số người chỉ bị tra cứu trong lời gọi sau đó bị từ chối: {people}',
    nameless: 'Số chỗ trong câu trả lời không chỉ tới ai, gồm cả người đã xóa liên kết: {count}',
    delayed: '! Số lượt pháp luật chưa cho phép báo cho người dân: {count}. Hãy hỏi đơn vị thụ lý trước khi thông báo.',
    fields: ['Trường', 'Loại', 'Câu trả lời đã cung cấp', 'Câu trả lời đã đối chiếu'],
    classes: { basic: 'cơ bản', sensitive: 'nhạy cảm' },
    methods: ['Phương thức', 'Mục đích', 'Câu trả lời'],
    written: '✓ {file}: số định danh của {named} người, chỉ dùng để thông báo cho họ. Hãy xóa tệp khi đã xong.',
    unlinked: 'Đã xóa liên kết với nhật ký nên không có trong tệp: {people}',
    logged: 'Nhật ký đã ghi lại lần tra cứu này.',
    notBarred:
      '! Khóa chưa được báo là bị lộ và có thể vẫn dùng được: lienthong key bar {key} --compromised-from THỜI_ĐIỂM',
    barredBefore: '! Khóa đã bị chặn vì lộ từ {at}: những gì được hỏi từ đó đến --since chưa được tính ở đây.',
  },
} as const;

interface Asked {
  readonly key: string;
  readonly since: string;
  readonly until?: string;
  readonly out?: string;
}

export function exposureJson(asked: Asked, exposure: Exposure, listed: Listed | undefined) {
  const { key, since, until, out } = asked;
  const { entries, refused, unreadable, agencies, uses, nameless, people, told, onlyRefused, delayed, methods } =
    exposure;
  const moment = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const named = (fields: readonly ExposedField[]) =>
    fields.map(({ id, answers }) => ({ path: pathOf(id), sensitive: isSensitive(id), answers }));
  return {
    ...{ key, since, until: until ?? null, agencies },
    ...{ entries, answers: entries - refused, refused, unreadable },
    ...{ first: moment(exposure.firstMs), last: moment(exposure.lastMs) },
    ...{ people: people.size, people_told: told.size, people_only_refused: onlyRefused, uses, nameless, delayed },
    ...{ released: named(exposure.released), compared: named(exposure.compared), methods },
    file: listed === undefined ? null : { path: out, named: listed.named, unlinked: listed.unlinked },
  };
}

export function exposureLines(
  { settings: { language }, terminal }: Pick<CommandContext, 'settings' | 'terminal'>,
  { key, out = '' }: Asked,
  exposure: Exposure,
  listed: Listed | undefined,
): string[] {
  const words = WORDS[language];
  const n = numbers(language);
  const { entries, refused, firstMs, lastMs, people, told, uses, onlyRefused, nameless, delayed } = exposure;
  const lines: string[] = [];
  if (firstMs === undefined || lastMs === undefined) lines.push(fill(words.none, { key }));
  else {
    const facts = { entries: n(entries), answers: n(entries - refused), refused: n(refused) };
    const agency = exposure.agencies.join(', ');
    lines.push(
      fill(words.head, { ...facts, key, agency, first: at(firstMs), last: at(lastMs) }),
      fill(words.people, { people: n(people.size), told: n(told.size), uses: n(uses) }),
      fill(words.onlyRefused, { people: n(onlyRefused) }),
      fill(words.nameless, { count: n(nameless) }),
      fieldTable(exposure, language, widthOf(terminal.stdout)),
      methodTable(exposure, language, widthOf(terminal.stdout)),
    );
  }
  if (delayed > 0) lines.push(fill(words.delayed, { count: n(delayed) }));
  if (listed !== undefined) {
    lines.push(fill(words.written, { file: out, named: n(listed.named) }));
    if (listed.unlinked > 0) lines.push(fill(words.unlinked, { people: n(listed.unlinked) }));
  }
  return [...lines, words.logged];
}

function fieldTable({ released, compared }: Exposure, language: keyof typeof WORDS, width: number): string {
  const { fields, classes } = WORDS[language];
  const n = numbers(language);
  const ids = [...new Set([...released, ...compared].map(({ id }) => id))].sort((one, other) => one - other);
  const of = (list: readonly ExposedField[], id: number) => n(list.find((one) => one.id === id)?.answers ?? 0);
  const [path, kind, told, held] = fields;
  return table(
    [{ title: path, wide: true }, { title: kind }, { title: told, align: 'right' }, { title: held, align: 'right' }],
    ids.map((id) => [
      pathOf(id),
      isSensitive(id) ? classes.sensitive : classes.basic,
      of(released, id),
      of(compared, id),
    ]),
    width,
  );
}

function methodTable({ methods }: Exposure, language: keyof typeof WORDS, width: number): string {
  const n = numbers(language);
  const [method, purpose, answers] = WORDS[language].methods;
  return table(
    [{ title: method, wide: true }, { title: purpose }, { title: answers, align: 'right' }],
    methods.map((one) => [one.method, one.purpose, n(one.answers)]),
    width,
  );
}

import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { PROFILE, publishedProfile, REASONS, type ReasonEntry } from '../../matching/index.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { table } from '../layout.ts';
import { fill } from '../problem.ts';
import { NARROW } from '../summary.ts';
import { widthOf } from '../terminal.ts';

/** `profile`: by what rules rows are compared. Not the folder of `--profile`, which is an agency's. */
export function addProfileCommand(program: Command, cli: Cli): void {
  const profile = program
    .command('profile')
    .description('the published matching profile: its reasons in words; with --json all that rows are judged by');
  attach<CommonOptions>(cli, profile, printProfile);
}

const WORDS = {
  en: {
    head: 'The matching profile {id}, version {version}. Reasons that an answer can carry:',
    code: 'Code',
    reason: 'Reason',
    kind: 'Kind',
    meaning: 'What it means',
    foot: 'Levels, weights, thresholds and ceilings: --json, or gateway/docs/design/matching-profile.md.',
  },
  vi: {
    head: 'Bộ quy tắc đối chiếu {id}, phiên bản {version}. Các lý do có trong câu trả lời:',
    code: 'Mã',
    reason: 'Lý do',
    kind: 'Loại',
    meaning: 'Ý nghĩa',
    foot: 'Các mức, trọng lượng, ngưỡng và giới hạn: --json, hoặc gateway/docs/design/matching-profile.md.',
  },
} as const;

const KINDS: Readonly<Record<ReasonEntry['kind'], Readonly<Record<Language, string>>>> = {
  problem: { en: 'problem', vi: 'lỗi' },
  repair: { en: 'repair', vi: 'đã sửa' },
  guess: { en: 'guess', vi: 'suy đoán' },
  difference: { en: 'difference', vi: 'điểm khác' },
  note: { en: 'note', vi: 'lưu ý' },
};

async function printProfile({ settings, terminal, give, say }: CommandContext) {
  give(publishedProfile());
  const words = WORDS[settings.language];
  say(fill(words.head, PROFILE));
  say(reasonsTable(settings.language, widthOf(terminal.stdout)));
  say(words.foot);
  return EXIT_CODES.COMPLETE;
}

/** Every reason by its code, in words. */
export function reasonsTable(language: Language, width: number): string {
  const words = WORDS[language];
  const narrow = width < NARROW;
  const rows = Object.entries(REASONS as Readonly<Record<string, ReasonEntry>>).map(([name, entry]) => [
    String(entry.code),
    ...(narrow ? [`${name}\n${entry[language]}`] : [name, entry[language]]),
    KINDS[entry.kind][language],
  ]);
  const columns = [
    { title: words.code, align: 'right' as const },
    { title: words.reason, wide: narrow },
    ...(narrow ? [] : [{ title: words.meaning, wide: true }]),
    { title: words.kind },
  ];
  return table(columns, rows, width);
}

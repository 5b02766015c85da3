import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { dryRun } from '../../../connectors/telco/dry-run.ts';
import type { VerifyOptions } from '../../../connectors/telco/verify.ts';
import { LIMITS } from '../../errors/rules.ts';
import type { CommandContext } from '../cli.ts';
import { fileLines } from '../file-words.ts';
import { noSubscriberLines } from '../inspection-oddities.ts';
import { localMinute } from '../local-time.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { foretoldLines } from './telco-since.ts';
import { readingLines, WORDS } from './telco-words.ts';

const LINES = {
  en: {
    rows: '{rows} rows would be asked about (chunks: {chunks}); nothing was.',
    slim: '{rows} of them can be read in one way and go as numbers, the others as their texts.',
    gateway:
      '✓ The gateway of {deployment} at {address} (version {version}, matching profile {profile}) knows {agency}.',
    clockAhead: '✓ This machine’s clock is {seconds} s ahead of its.',
    clockBehind: '✓ This machine’s clock is {seconds} s behind its.',
    tooMany:
      '! More than are left of a limit ({limit}): {left} are, until {until} (+07:00). The same command goes on then.',
    never: '! More than the agreement allows ({limit}): {left}. No waiting helps; take fewer rows.',
    purpose: 'Purpose: {purpose}. What the agreement grants for it, only a signed question tells.',
  },
  vi: {
    rows: 'Sẽ hỏi {rows} dòng (số lô: {chunks}); chưa hỏi gì.',
    slim: '{rows} dòng chỉ có một cách đọc, gửi dạng số; các dòng khác gửi nguyên văn.',
    gateway: '✓ Cổng {deployment} tại {address} (phiên bản {version}, bộ quy tắc {profile}) nhận biết {agency}.',
    clockAhead: '✓ Đồng hồ máy này nhanh hơn cổng {seconds} giây.',
    clockBehind: '✓ Đồng hồ máy này chậm hơn cổng {seconds} giây.',
    tooMany:
      '! Nhiều hơn phần còn lại của hạn mức ({limit}): còn {left}, đến {until} (+07:00). Sau đó chạy lại lệnh để tiếp tục.',
    never: '! Nhiều hơn mức thỏa thuận cho phép ({limit}): {left}. Chờ cũng không được; hãy giảm số dòng.',
    purpose: 'Mục đích: {purpose}. Thỏa thuận cho phép gì thì chỉ biết khi hỏi có chữ ký.',
  },
} as const;

/** `telco verify FILE --dry-run` */
export async function tellDryRun(
  { settings: { language }, say, give }: CommandContext,
  input: Omit<VerifyOptions, 'out'>,
  mapping: string | undefined,
): Promise<ExitCode> {
  const found = await dryRun(input);
  const words = LINES[language];
  const { rows, chunks, slimRows, misshapen, limit, sheet, headerLine, purpose, since, tooMany, gateway } = found;
  const { address, agency, deployment, version } = gateway;
  give({ dryRun: true, ...found, mapping });
  const lines = [
    fill(words.rows, { rows: count(rows, language), chunks: count(chunks, language) }) +
      (limit === undefined ? '' : WORDS[language].limited.replace('{limit}', count(limit, language))),
    ...foretoldLines(since, language),
    ...tooMany.map(({ limit, left, resetsAt }) => {
      const facts = { limit: LIMITS[limit][language], left: count(left, language) };
      return resetsAt === undefined
        ? fill(words.never, facts)
        : fill(words.tooMany, { ...facts, until: localMinute(resetsAt) });
    }),
    ...readingLines({ mapping, sheet, headerLine }, language),
    ...fileLines(found, language),
    fill(words.slim, { rows: count(slimRows, language) }),
    ...(misshapen === 0 ? [] : [fill(WORDS[language].misshapen, { rows: count(misshapen, language) })]),
    ...noSubscriberLines(found.noSubscribers, language),
    fill(words.gateway, { ...{ address, agency, deployment, version }, profile: gateway.profileVersion }),
    fill(gateway.clockAhead < 0 ? words.clockBehind : words.clockAhead, { seconds: Math.abs(gateway.clockAhead) }),
    fill(words.purpose, { purpose }),
  ];
  say(lines.join('\n'));
  return EXIT_CODES.COMPLETE;
}

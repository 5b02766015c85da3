import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  type OwnAgreement,
  OwnAgreementSchema,
  ServerService,
} from '../../../proto/gen/lienthong/server/v1/server_pb.js';
import { isLimit, LIMITS } from '../../errors/rules.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { table } from '../layout.ts';
import { localMinute } from '../local-time.ts';
import { count, percent } from '../numbers.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { wrap } from '../wrap.ts';

const WORDS = {
  en: {
    ...{ purpose: 'Purpose', limit: 'Limit', most: 'Most', used: 'Used', share: 'Share', left: 'Left' },
    reset: 'Begins anew (+07:00)',
    none: 'This agency has no agreement.',
    unknown: 'What is left cannot be read at the moment. Run it again later.',
    raised: '{purpose}: {limit} is {most} until {until} (+07:00); the agreement says {agreed}.',
    lowered: '{purpose}: the register lowered {limit} to {most}; the agreement says {agreed}.',
    nothing: 'nothing',
    guesses:
      '{purpose}: of one person, {field} different wrong values of a field are answered within 30 days; for one name and date of birth {name} numbers may be tried. The same value again is free.',
  },
  vi: {
    ...{ purpose: 'Mục đích', limit: 'Hạn mức', most: 'Tối đa', used: 'Đã dùng', share: 'Tỷ lệ', left: 'Còn lại' },
    reset: 'Bắt đầu lại lúc (+07:00)',
    none: 'Cơ quan chưa có thỏa thuận.',
    unknown: 'Hiện chưa đọc được hạn mức còn lại. Hãy chạy lại lệnh này sau ít phút.',
    raised: '{purpose}: {limit} là {most} đến {until} (+07:00); thỏa thuận ghi {agreed}.',
    lowered: '{purpose}: đơn vị vận hành đã hạ {limit} xuống {most}; thỏa thuận ghi {agreed}.',
    nothing: 'không quy định',
    guesses:
      '{purpose}: với mỗi người, trong 30 ngày chỉ trả lời {field} giá trị sai khác nhau của một trường; với một họ tên và ngày sinh được thử {name} số. Hỏi lại giá trị cũ không bị tính.',
  },
} as const;

/** `quota show` */
export function addQuotaCommand(program: Command, cli: Cli): void {
  const show = program
    .command('quota')
    .description("what is left of the agency's limits")
    .command('show')
    .description('each limit of each agreement: used, left, and when it begins anew')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, show, showQuotas);
}

async function showQuotas(context: CommandContext, _args: readonly string[], options: ProfileOptions) {
  const { terminal, settings } = context;
  const client = createSignedClient(await profileOf(terminal, options));
  try {
    const { agreements } = await client.open(ServerService.method.getServerInfo, {});
    context.give(agreements.map(quotaJson));
    context.say(inWords(agreements, settings.language, widthOf(terminal.stdout)));
    return agreements.some(({ quotasUnknown }) => quotasUnknown) ? EXIT_CODES.UNAVAILABLE : EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

function quotaJson(agreement: OwnAgreement) {
  const { id, purpose, quotas, changed_limits, wrong_values_per_field, wrong_numbers_per_name, quotas_unknown } =
    toJson(OwnAgreementSchema, agreement, { useProtoFieldName: true, alwaysEmitImplicit: true }) as Record<
      string,
      unknown
    >;
  return {
    agreement: id,
    purpose,
    quotas,
    quotas_unknown,
    changed_limits,
    wrong_values_per_field,
    wrong_numbers_per_name,
  };
}

function inWords(agreements: readonly OwnAgreement[], language: Language, width: number): string {
  const words = WORDS[language];
  if (agreements.length === 0) return words.none;
  const columns = [
    { title: words.purpose },
    { title: words.limit, wide: true },
    { title: words.used, align: 'right' as const },
    { title: words.most, align: 'right' as const },
    { title: words.left, align: 'right' as const },
    { title: words.reset },
  ];
  const rows = agreements.flatMap(({ purpose, quotas }) =>
    quotas.map(({ limit, most, used, resetsAt }) => [
      purpose,
      isLimit(limit) ? LIMITS[limit][language] : limit,
      `${count(Number(used), language)} (${percent(Number(used), Number(most), language)})`,
      count(Number(most), language),
      count(Math.max(0, Number(most - used)), language),
      localMinute(Number(resetsAt)),
    ]),
  );
  const guesses = agreements.map(({ purpose, wrongValuesPerField, wrongNumbersPerName }) =>
    wrap(
      fill(words.guesses, { purpose, field: String(wrongValuesPerField), name: String(wrongNumbersPerName) }),
      width,
    ).join('\n'),
  );
  const changes = agreements.flatMap(({ purpose, changedLimits }) =>
    changedLimits.map(({ limit, agreed, most, until }) => {
      const facts = { purpose, limit, most: count(Number(most), language), until: localMinute(Number(until)) };
      const said = agreed === undefined ? words.nothing : count(Number(agreed), language);
      return wrap(fill(until === 0n ? words.lowered : words.raised, { ...facts, agreed: said }), width).join('\n');
    }),
  );
  const unknown = agreements.some(({ quotasUnknown }) => quotasUnknown);
  return [unknown ? words.unknown : table(columns, rows, width), ...changes, ...guesses].join('\n');
}

import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import type { CountedAgreement } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ChangedLimitSchema } from '../../../proto/gen/lienthong/type/v1/type_pb.js';
import { limitOf } from '../../acts/limits.ts';
import { LIMITS, type Limit } from '../../policy/decision.ts';
import { isOneOf } from '../../policy/shape.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, wholeNumber } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { comingMomentOf } from '../moment.ts';
import { count } from '../numbers.ts';
import { ALONE_OPTIONS, type AloneOptions, actAlone } from '../officers/act-alone.ts';
import { newAct, type OfficerDesk, proposeBody, withOfficer } from '../officers/desk.ts';
import { readAgreement, showBody } from '../officers/show-body.ts';
import { OFFICER_WORDS, tellProposal, tellTable } from '../officers/words.ts';
import { CliProblem, type WantedFacts } from '../problem.ts';
import { agreementsOf } from './agreement.ts';

interface ListOptions extends ProfileOptions {
  readonly agency?: string;
}
interface ToOptions extends ProfileOptions {
  readonly to: string;
}
interface LowerOptions extends ToOptions, AloneOptions {}
interface RaiseOptions extends ToOptions {
  readonly until: string;
}

/** `limit list|raise|lower` */
export function addLimitCommands(program: Command, cli: Cli): void {
  const limit = program
    .command('limit')
    .description('limits of agreements that are raised for a time, or lowered at once');
  const list = limit
    .command('list')
    .description('each limit: what the agreement says, and what counts now')
    .option('--agency <code>', 'of one agency only')
    .option(...PROFILE_OPTION);
  attach<ListOptions>(cli, list, listLimits);
  const change = (name: string, text: string) =>
    limit
      .command(name)
      .description(text)
      .argument('<id>', 'id of the agreement')
      .argument('<limit>', LIMIT_TEXT)
      .requiredOption('--to <n>', 'what it is to be')
      .option(...PROFILE_OPTION);
  const raise = change(
    'raise',
    'proposes more of a limit, for a time; what is to last is the next version of the agreement',
  ).requiredOption('--until <time>', 'when it ends, RFC 3339, in 92 days at most');
  attach<RaiseOptions>(cli, raise, (context, args, options) => {
    const until = comingMomentOf('--until', options.until) ?? 0;
    return withOfficer(context, options, async (desk) => {
      const { from, ...part } = await partOf(desk, args, options);
      if (from === undefined || part.to < from)
        throw wrongTo(from === undefined ? { wanted: 'noLimit' } : { wanted: 'atLeast', least: from });
      const body = newAct(desk, { kind: 'limit.raise', ...part, from, until });
      showBody(context, body, new Uint8Array(0));
      tellProposal(context, await proposeBody(desk, body), 'proposed');
      return undefined;
    });
  });
  const lower = change('lower', 'lowers a limit at once, until the next version of the agreement');
  for (const [flags, text] of ALONE_OPTIONS) lower.option(flags, text);
  attach<LowerOptions>(cli, lower, (context, args, options) =>
    actAlone(context, options, async (desk) => {
      const { from, ...part } = await partOf(desk, args, options);
      if (from !== undefined && part.to >= from) throw wrongTo({ wanted: 'lessThan', most: from });
      return { own: { kind: 'limit.lower', ...part, ...(from === undefined ? {} : { from }) } };
    }),
  );
}

const LIMIT_TEXT = `of ${LIMITS.join(', ')}`;
const MOST = 999_999_999_999;
const wrongTo = (wanted: WantedFacts) => new CliProblem('OPTION_WRONG', { option: '--to', ...wanted });

/** The limit as it stands, and what it is to be. Throws CliProblem OPTION_WRONG. */
async function partOf(desk: OfficerDesk, [id = '', limit = '']: readonly string[], options: ToOptions) {
  if (!isOneOf(LIMITS, limit))
    throw new CliProblem('OPTION_WRONG', { option: '<limit>', wanted: 'oneOf', names: LIMITS.join(', ') });
  const to = wholeNumber('--to', options.to, 0, MOST) ?? 0;
  const { agreements } = await agreementsOf(desk);
  const found = agreements.find((one) => one.id === id);
  if (found === undefined) throw new CliProblem('OPTION_WRONG', { option: '<id>', wanted: 'agreement' });
  const from = standsAt(found, limit).most;
  return { agreement: id, version: found.version, limit, to, from };
}

function standsAt({ body, changedLimits }: CountedAgreement, limit: Limit) {
  const agreed = limitOf(readAgreement(body).limits, limit);
  const changed = changedLimits.find((one) => one.limit === limit);
  return {
    agreed,
    most: changed === undefined ? agreed : Number(changed.most),
    until: changed && Number(changed.until),
  };
}

async function listLimits(context: CommandContext, _args: readonly string[], options: ListOptions) {
  return withOfficer(context, options, async (desk) => {
    const { agreements } = await agreementsOf(desk, options.agency);
    const { language } = context.settings;
    const words = OFFICER_WORDS[language];
    context.give(
      agreements.map(({ id, version, body, changedLimits }) => ({
        ...{ agreement: id, version, limits: readAgreement(body).limits },
        changed: changedLimits.map((one) => toJson(ChangedLimitSchema, one, { useProtoFieldName: true })),
      })),
    );
    const shown = (value: number | undefined) => (value === undefined ? '–' : count(value, language));
    const rows = agreements.flatMap((agreement) =>
      LIMITS.flatMap((limit) => {
        const { agreed, most, until } = standsAt(agreement, limit);
        if (most === undefined) return [];
        const end = until === undefined ? '' : until === 0 ? words.nextVersion : localTime(until);
        return [[agreement.id, String(agreement.version), limit, shown(agreed), shown(most), end]];
      }),
    );
    tellTable(context, words.limits, rows, 1);
    return undefined;
  });
}

import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { purposeOf } from '../../../connectors/kit/profile.ts';
import {
  type ExplainedField,
  type ExplainResponse,
  ExplainResponseSchema,
  ServerService,
} from '../../../proto/gen/lienthong/server/v1/server_pb.js';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { EXPLAIN_WORDS, REASON_WORDS } from '../explain-words.ts';
import { table } from '../layout.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';

interface ExplainOptions extends ProfileOptions {
  readonly purpose?: string;
  readonly method: string;
  readonly fields?: string;
}

const DEFAULT_METHOD = 'lienthong.person.v1.PersonService/GetPerson';

/** `explain --purpose P --method M --fields a,b` */
export function addExplainCommand(program: Command, cli: Cli): void {
  const command = program
    .command('explain')
    .description('what this certificate would get for a purpose, field by field, and why not the rest; about nobody')
    .option('--purpose <code>', "one of the profile's purposes (default: the first)")
    .option('--method <name>', `the call (default: ${DEFAULT_METHOD})`, DEFAULT_METHOD)
    .option('--fields <paths>', 'only these field paths, joined by commas')
    .option(...PROFILE_OPTION);
  attach<ExplainOptions>(cli, command, explainPurpose);
}

async function explainPurpose(
  context: CommandContext,
  _args: readonly string[],
  options: ExplainOptions,
): Promise<ExitCode> {
  const { terminal, settings } = context;
  const profile = await profileOf(terminal, options);
  // Also one that the profile does not have: that it is not agreed is an answer.
  const purpose = options.purpose ?? purposeOf(profile);
  const method = options.method.startsWith('/') ? options.method : `/${options.method}`;
  const paths = (options.fields ?? '').split(',').flatMap((path) => (path.trim() === '' ? [] : [path.trim()]));
  const client = createSignedClient(profile);
  try {
    const { signal } = terminal;
    const answer = await client.open(ServerService.method.explain, { purpose, method, paths }, { signal });
    context.give(toJson(ExplainResponseSchema, answer, { useProtoFieldName: true, alwaysEmitImplicit: true }));
    for (const line of linesOf(answer, purpose, paths.length > 0, settings.language, widthOf(terminal.stdout))) {
      context.say(line);
    }
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

/** @param asked fields were named: for those that are refused, what to request is told word by word */
function linesOf(
  answer: ExplainResponse,
  purpose: string,
  asked: boolean,
  language: Language,
  width: number,
): string[] {
  const words = EXPLAIN_WORDS[language];
  const { reason, agreement, citation, demands, grants, strictness, purposes, fields } = answer;
  const why = REASON_WORDS[reason]?.[language] ?? reason;
  if (agreement === '') return [why, fill(words.purposes, { purposes: purposes.join(', ') || '–' })];
  const rows = fields.map((field) => [
    ...[field.path, field.match ? '✓' : '', field.release ? '✓' : ''],
    reasonOf(field, language),
  ]);
  const refused = fields.filter(({ refused: code }) => code !== '');
  const titles = words.columns.map((title, at) => ({ title, wide: at === 3 }));
  return [
    fill(words.head, { agreement, purpose, citation }),
    ...(reason === 'OK' ? [] : [why]),
    table(titles, rows, width),
    ...(demands.length === 0 ? [] : [fill(words.demands, { demands: demands.join(', ') })]),
    fill(words.grants, { grants: grants.join(', ') || '–', strictness: strictness || '–' }),
    ...(asked && refused.length > 0 ? [words.request, ...refused.map(({ wanted }) => `  ${wanted}`)] : []),
  ];
}

function reasonOf({ basis, article, refused }: ExplainedField, language: Language): string {
  const on = basis === '' ? '' : `${EXPLAIN_WORDS[language].bases[basis as 'statute'] ?? basis} ${article}`.trim();
  const not = refused === '' ? '' : (REASON_WORDS[refused]?.[language] ?? refused);
  return [on, not].filter((text) => text !== '').join('; ');
}

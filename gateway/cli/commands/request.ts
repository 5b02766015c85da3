import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { findEntries } from '../../audit/find-entries.ts';
import { isRequestId } from '../../errors/request-id.ts';
import { pathOf } from '../../fields/vocabulary.ts';
import { type EntryView, viewEntry } from '../../operation/entry-view.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { pastMomentOf } from '../moment.ts';
import { CliProblem } from '../problem.ts';
import { keyEvidence } from '../stack/key-evidence.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { entryLines, REQUEST_WORDS } from './request-words.ts';

interface RequestOptions extends CommonOptions, DeploymentOptions {
  readonly since?: string;
}

/** A stream's request id stands on each of its chunks. */
const MOST_ENTRIES = 50;
const CHUNK = /^[0-9a-f]{32}:\d{1,9}$/;

/** `request show ID`, of `--data DIR` or `--config FILE` */
export function addRequestCommand(program: Command, cli: Cli): void {
  const request = program
    .command('request')
    .description("what became of a call, for the operator: from the log's entries, without a value of a person");
  const show = request
    .command('show')
    .description('each stage, policy and agreement, refusal, fields, times, place in the log')
    .argument('<id>', 'request id, entry id, or JOB:NUMBER of a chunk');
  show.option(
    '--since <time>',
    'of a request id, look at the entries since then only, RFC 3339: the log has no index of them',
  );
  for (const [flags, text] of DEPLOYMENT_OPTIONS) show.option(flags, text);
  attach<RequestOptions>(cli, show, showRequest);
}

async function showRequest(
  context: CommandContext,
  [id = '']: readonly string[],
  options: RequestOptions,
): Promise<ExitCode> {
  if (!isRequestId(id) && !CHUNK.test(id)) {
    throw new CliProblem('OPTION_WRONG', { option: '<id>', wanted: 'requestId' });
  }
  const since = pastMomentOf('--since', options.since);
  const sinceMs = since === undefined ? undefined : since * 1000;
  return withDeployment(options, context.terminal.env, async ({ config, database }) => {
    const found = await findEntries(database.pool, id, MOST_ENTRIES, sinceMs);
    if (found.entries.length === 0) throw unknown(options.since);
    const counts = await keyEvidence(config, database.pool);
    const views = found.entries.map((entry) => viewEntry(entry, config.keys.decision, counts));
    context.give({ entries: views.map(withPaths), more: found.more });
    for (const line of views.flatMap((view) => entryLines(view, context.settings.language, context.terminal))) {
      context.say(line);
    }
    if (found.more) context.say(REQUEST_WORDS[context.settings.language].more);
    return EXIT_CODES.COMPLETE;
  });
}

const unknown = (since: string | undefined) =>
  since === undefined ? new CliProblem('REQUEST_UNKNOWN') : new CliProblem('REQUEST_UNKNOWN_SINCE', { since });

/** Beside each field's id its path in this version's vocabulary. */
function withPaths(view: EntryView) {
  const named = (ids: readonly number[]) => ids.map((id) => ({ id, path: pathOf(id) }));
  const { decision } = view;
  return {
    ...view,
    released_fields: named(view.released_fields),
    matched_fields: named(view.matched_fields),
    decision:
      typeof decision !== 'object'
        ? decision
        : {
            ...decision,
            fields: decision.fields.map((field) => ({ ...field, path: pathOf(field.id) })),
            refused: decision.refused.map((field) => ({ ...field, path: pathOf(field.id) })),
          },
  };
}

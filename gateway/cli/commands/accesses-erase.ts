import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { unlinkPerson } from '../../accesses/unlink-person.ts';
import { recordErasure } from '../../audit/operator-entry.ts';
import { mayHoldPersonsNumber } from '../../errors/persons-number.ts';
import { importRuns } from '../../register/import-lock.ts';
import { createRowLookup } from '../../register/lookup.ts';
import { demandOwner } from '../../storage/demand-owner.ts';
import type { Pool } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';
import { holdHead, keepHeadCommand } from '../stack/log-heads.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { WORDS } from './accesses-words.ts';
import { settleMsOf } from './settle.ts';

interface EraseOptions extends CommonOptions, DeploymentOptions {
  readonly case: string;
  readonly settle?: string;
  readonly yes?: boolean;
}

/** As codes of a request's context: it stands in the log in clear, where no erasure reaches it, this one neither. */
const CASE = /^[A-Za-z0-9._/-]{1,64}$/;
const PERSONAL_ID = /^\d{12}$/;

/** `accesses erase ID`, of `--data DIR` or `--config FILE` */
export function addEraseCommand(group: Command, cli: Cli): void {
  const erase = group
    .command('erase')
    .description(
      'unlinks a person for ever from what the log has of them until now: their log key is destroyed, and another one is for what comes; proofs that were handed out still verify',
    )
    .argument('[id]', 'personal ID (12 digits); "-" or nothing: from standard input')
    .requiredOption('--case <code>', 'the order that it stands on; it goes into the log, the person does not')
    .option(
      '--settle <seconds>',
      'how long calls under way may take to be recorded (default: 60, in production the least)',
    )
    .option('--yes', 'does not ask; needed where nobody can be asked');
  for (const [flags, text] of DEPLOYMENT_OPTIONS) erase.option(flags, text);
  attach<EraseOptions>(cli, erase, erasePerson);
}

async function erasePerson(context: CommandContext, [given = '-']: readonly string[], options: EraseOptions) {
  const { terminal, settings } = context;
  const { language } = settings;
  const words = WORDS[language];
  if (!CASE.test(options.case) || mayHoldPersonsNumber(options.case)) {
    throw new CliProblem('OPTION_WRONG', { option: '--case', wanted: 'loggedCode' });
  }
  // Before anything is opened, what is right nowhere.
  settleMsOf(options.settle, 'development');
  // It cannot be taken back, so nobody does it by leaving a word out.
  if (options.yes !== true) throw new CliProblem('CONFIRMATION_NEEDED');
  const id = (given === '-' ? await readFirstLine(terminal.stdin) : given).trim();
  if (!PERSONAL_ID.test(id)) throw new CliProblem('ID_MISSING');
  return withDeployment(options, terminal.env, async ({ config, database: { pool } }) => {
    const settleMs = settleMsOf(options.settle, config.deployment.kind);
    await demandOwner(pool);
    // It has the log key of before in hand, and would write it back.
    if (await importRuns(pool)) throw new CliProblem('IMPORT_RUNNING');
    const personNo = await onePerson(pool, Number(id));
    const heads = await holdHead(config.log, pool, keepHeadCommand(options));
    // First, so that there is no erasure that the log does not know of, nor one that an older copy of it undoes unseen.
    await recordErasure(pool, options.case);
    await heads.keep();
    const done = await unlinkPerson({ pool, evidence: config.keys.evidence, settleMs }, personNo);
    context.give({ entries: done.entries, key_destroyed: done.keyDestroyed, matters_waiting: done.waiting });
    context.say(
      fill(done.keyDestroyed ? words.erased : words.erasedBefore, { entries: count(done.entries, language) }),
    );
    context.say(words.own);
    if (done.waiting > 0) context.say(fill(words.waiting, { waiting: count(done.waiting, language) }));
    context.say(words.fresh);
    context.say(words.backups);
    return EXIT_CODES.COMPLETE;
  });
}

async function onePerson(pool: Pool, id: number): Promise<number> {
  const { personNo } = await createRowLookup(pool).resolve([id]);
  const [only] = personNo;
  if (only === undefined || personNo.some((one) => one !== only)) throw new CliProblem('PERSON_NOT_ONE');
  return only;
}

import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { purposeOf } from '../../../connectors/kit/profile.ts';
import { PersonService } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import {
  attach,
  type Cli,
  type CommandContext,
  PROFILE_OPTION,
  type ProfileOptions,
  PURPOSE_OPTION,
  profileOf,
} from '../cli.ts';
import { table } from '../layout.ts';
import { noticeText, personJson, personLines } from '../person-view.ts';
import { CliProblem } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';
import { widthOf } from '../terminal.ts';

interface PersonOptions extends ProfileOptions {
  readonly fields: string;
  readonly allowPartial?: boolean;
  readonly purpose?: string;
}

const WORDS = {
  en: { field: 'Field', value: 'Value', refused: 'refused', notices: 'Notices' },
  vi: { field: 'Trường', value: 'Giá trị', refused: 'bị từ chối', notices: 'Lưu ý' },
} as const;

/** `person get ID --fields a,b` */
export function addPersonCommand(program: Command, cli: Cli): void {
  const get = program
    .command('person')
    .description('one person of the register')
    .command('get')
    .description('reads the named fields of one person')
    .argument('[id]', 'personal ID (12 digits) or old card number (9 digits); "-" or nothing: from standard input')
    .requiredOption('--fields <paths>', 'field paths joined by commas, for example full_name,date_of_birth')
    .option('--allow-partial', 'take what the agreement grants and name the rest, instead of being refused')
    .option(...PURPOSE_OPTION)
    .option(...PROFILE_OPTION);
  attach<PersonOptions>(cli, get, getPerson);
}

async function getPerson(context: CommandContext, [given = '-']: readonly string[], options: PersonOptions) {
  const { terminal, settings } = context;
  const profile = await profileOf(terminal, options);
  const purpose = purposeOf(profile, options.purpose);
  const personalId = (given === '-' ? await readFirstLine(terminal.stdin) : given).trim();
  if (personalId === '') throw new CliProblem('ID_MISSING');
  const paths = options.fields.split(',').map((path) => path.trim());
  const client = createSignedClient(profile);
  try {
    const answer = await client.unary(
      PersonService.method.getPerson,
      {
        context: { purpose },
        personalId,
        readMask: { paths: paths.filter((path) => path !== '') },
        allowPartial: options.allowPartial === true,
      },
      { signal: terminal.signal },
    );
    const words = WORDS[settings.language];
    const told = (notice: string) => noticeText(notice, settings.language);
    const refused = answer.message.refused.map(({ path, reason }) => [path, `${words.refused}: ${reason}`]);
    const rows = [...personLines(answer.message.person), ...refused];
    context.say(table([{ title: words.field }, { title: words.value, wide: true }], rows, widthOf(terminal.stdout)));
    const { notices, ...json } = personJson(answer);
    if (notices.length > 0) context.say(`${words.notices}: ${notices.map(told).join('; ')}`);
    context.give({ ...json, notices });
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

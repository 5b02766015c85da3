import { createRegistry, type DescMessage, fromJson, type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { filled, type Words } from '../../errors/words.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { readContractFile } from '../contract.ts';
import { REQUEST_FAULTS } from '../officers/request-faults.ts';
import { CliProblem } from '../problem.ts';
import { readText } from '../read-input.ts';

/** `call SERVICE/METHOD JSON` */
export function addCallCommand(program: Command, cli: Cli): void {
  const call = program
    .command('call')
    .description('signs any unary call of the contract, sends it and prints the verified answer as JSON')
    .argument('<method>', 'for example lienthong.person.v1.PersonService/GetPerson')
    .argument('[request]', 'the request as protobuf JSON; "-" or nothing: from standard input')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, call, callMethod);
}

/** Services whose calls carry no signature: their answers are proven by what they hold. */
const OPEN = /^lienthong\.(server|audit)\./;

async function callMethod(context: CommandContext, args: readonly string[], options: ProfileOptions) {
  const { terminal } = context;
  const [name = '', given = '-'] = args;
  const profile = await profileOf(terminal, options);
  const method = (await readContractFile(profile.descriptors)).unary(name);
  const request = parseRequest(method.input, given === '-' ? await readText(terminal.stdin) : given);
  if (!isRepeatable(request)) throw new CliProblem('BLIND_NEEDED');
  const client = createSignedClient(profile);
  try {
    const { signal } = terminal;
    const answer = OPEN.test(method.parent.typeName)
      ? await client.open(method, request, { signal })
      : (await client.unary(method, request, { signal })).message;
    const json = toJson(method.output, answer, { useProtoFieldName: true, registry: createRegistry(method.output) });
    terminal.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

/** False where the caller names the request, for a repetition, and leaves to this program what would make it another each time. */
function isRepeatable(request: Message): boolean {
  const { context, blind } = request as { context?: { requestId?: string }; blind?: Uint8Array };
  return blind === undefined || blind.length > 0 || (context?.requestId ?? '') === '';
}

const SHAPE_WRONG: Words = { en: 'its shape is another', vi: 'cấu trúc khác' };
const PLACE_WRONG: Words = { en: '{place} is wrong', vi: 'sai ở {place}' };

/** A request written as protobuf JSON; nothing is an empty one. Throws CliProblem REQUEST_WRONG, without its values. */
export function parseRequest(schema: DescMessage, text: string): Message {
  const fields = schema.fields.map(({ name }) => name).join(', ');
  const wrong = (problem: Words) =>
    new CliProblem('REQUEST_WRONG', { message: schema.typeName, problem, fields: fields === '' ? '–' : fields });
  let json: JsonValue;
  try {
    json = text.trim() === '' ? {} : (JSON.parse(text) as JsonValue);
  } catch {
    throw wrong(REQUEST_FAULTS.NOT_JSON);
  }
  try {
    return fromJson(schema, json);
  } catch (error) {
    // The library quotes values after the place; the place is enough, and values may be of a person.
    const place = /^cannot decode (?:field|message) ([\w.]+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw wrong(place === undefined ? SHAPE_WRONG : filled(PLACE_WRONG, { place }));
  }
}

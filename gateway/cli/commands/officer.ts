import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { AdminService, OfficerEntrySchema } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ROLES, type Role } from '../../acts/act.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { pastMomentOf } from '../moment.ts';
import { proposeAct, withOfficer } from '../officers/desk.ts';
import { tellEnrolled } from '../officers/enrolled-lines.ts';
import { readCertificateOf, readRequest } from '../officers/request-file.ts';
import { OFFICER_WORDS, tellProposal, tellTable } from '../officers/words.ts';
import { CliProblem } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';
import { addBar } from './agency.ts';

interface CreateOptions extends ProfileOptions {
  readonly certificate: string;
  readonly roles: string;
}
interface RekeyOptions extends ProfileOptions {
  readonly certificate: string;
  readonly compromisedFrom?: string;
}

/** `officer list|create|roles|rekey|bar` */
export function addOfficerCommands(program: Command, cli: Cli): void {
  const officer = program.command('officer').description('officers of the register');
  const list = officer
    .command('list')
    .description('officers with their roles')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, list, listOfficers);
  const rolesText = `of ${ROLES.join(', ')}; joined by commas`;
  const create = officer
    .command('create')
    .description("proposes an officer; the person's ID is read from standard input, and kept nowhere")
    .argument('<request>', 'request.json of "enroll request"')
    .requiredOption('--certificate <file>', 'the certificate, PEM')
    .requiredOption('--roles <roles>', rolesText)
    .option(...PROFILE_OPTION);
  attach<CreateOptions>(cli, create, createOfficer);
  const roles = officer
    .command('roles')
    .description('proposes other roles for an officer')
    .argument('<code>', 'code of the officer')
    .argument('<roles>', rolesText)
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, roles, (context, [code = '', given = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const act = { kind: 'officer.roles', code, roles: rolesOf(given) } as const;
      tellProposal(context, await proposeAct(desk, act), 'proposed');
      return undefined;
    }),
  );
  const rekey = officer
    .command('rekey')
    .description('proposes a new key and certificate for an officer')
    .argument('<request>', 'request.json of "enroll request"')
    .requiredOption('--certificate <file>', 'the certificate, PEM')
    .option('--compromised-from <time>', 'since when others may have had it, RFC 3339')
    .option(...PROFILE_OPTION);
  attach<RekeyOptions>(cli, rekey, rekeyOfficer);
  addBar(cli, officer, 'officer', 'bars an officer at once, for good', 'code of the officer');
}

/** Throws CliProblem OPTION_WRONG. */
function rolesOf(text: string): Role[] {
  const given = text.split(',').map((role) => role.trim());
  const known = given.filter((role): role is Role => (ROLES as readonly string[]).includes(role));
  if (known.length !== given.length) {
    throw new CliProblem('OPTION_WRONG', { option: '--roles', wanted: 'someOf', names: ROLES.join(', ') });
  }
  return known;
}

async function createOfficer(context: CommandContext, [file = '']: readonly string[], options: CreateOptions) {
  const roles = rolesOf(options.roles);
  const { holder: code, key, proof } = await readRequest(file, 'officer');
  const certificate = await readCertificateOf(options.certificate, code);
  const personalId = (await readFirstLine(context.terminal.stdin)).trim();
  if (personalId === '') throw new CliProblem('ID_MISSING');
  return withOfficer(context, options, async (desk) => {
    const { client, signal } = desk;
    const { message } = await client.unary(AdminService.method.markPerson, { personalId }, { signal });
    const act = { kind: 'officer.create', code, person: message.mark, roles, certificate, key, proof } as const;
    tellProposal(context, await proposeAct(desk, act), 'proposed');
    return undefined;
  });
}

async function rekeyOfficer(context: CommandContext, [file = '']: readonly string[], options: RekeyOptions) {
  const { holder: code, key, proof } = await readRequest(file, 'officer');
  const certificate = await readCertificateOf(options.certificate, code);
  const since = pastMomentOf('--compromised-from', options.compromisedFrom);
  return withOfficer(context, options, async (desk) => {
    const act = {
      ...({ kind: 'officer.rekey', code, certificate, key, proof } as const),
      ...(since === undefined ? {} : { compromised_from: since }),
    };
    tellProposal(context, await proposeAct(desk, act), 'proposed');
    return undefined;
  });
}

async function listOfficers(context: CommandContext, _args: readonly string[], options: ProfileOptions) {
  return withOfficer(context, options, async ({ client, signal }) => {
    const { message } = await client.unary(AdminService.method.listOfficers, {}, { signal });
    const words = OFFICER_WORDS[context.settings.language];
    context.give(message.officers.map((one) => toJson(OfficerEntrySchema, one, { useProtoFieldName: true })));
    const rows = message.officers.map(({ code, roles, notAfter, barred, counts, notWith }) => [
      ...[code, roles.join(', '), notAfter === 0n ? '–' : localTime(Number(notAfter))],
      barred ? words.barred : counts ? words.open : words.uncounted,
      notWith.join(', '),
    ]);
    tellTable(context, words.officers, rows);
    const named = message.officers.map(({ code, certificate, notAfter, kid, barred }) => ({
      code,
      // An officer of a development deployment's table has a key alone.
      certificates: certificate === '' ? [] : [{ fingerprint: certificate, notAfter, barred }],
      keys: [{ kid, use: 'sig', state: barred ? 'barred' : 'active', until: 0n }],
    }));
    tellEnrolled(context, named);
    return undefined;
  });
}

import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { AdminService, AdmittedAgencySchema, type AgencyKey } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { comingMomentOf, pastMomentOf } from '../moment.ts';
import { ALONE_OPTIONS, type AloneOptions, actAlone } from '../officers/act-alone.ts';
import { subjectFor, UNKNOWN_OPTION } from '../officers/bar-subject.ts';
import { proposeAct, withOfficer } from '../officers/desk.ts';
import { tellEnrolled } from '../officers/enrolled-lines.ts';
import { readCertificateOf, readRequest } from '../officers/request-file.ts';
import { tellFalling } from '../officers/signers.ts';
import { OFFICER_WORDS, tellProposal, tellTable } from '../officers/words.ts';
import { CliProblem } from '../problem.ts';

export interface KeyOptions extends ProfileOptions {
  readonly keyUntil?: string;
}
interface AdmitOptions extends KeyOptions {
  readonly certificate: string;
}
interface BarOptions extends AloneOptions {
  readonly unknown?: boolean;
  readonly compromisedFrom?: string;
}
interface RetireOptions extends AloneOptions {
  readonly agency: string;
}

/** `agency list|admit|bar`, `certificate add|bar`, `key add|retire|bar` */
export function addAgencyCommands(program: Command, cli: Cli): void {
  const agency = program.command('agency').description('who may call');
  const list = agency
    .command('list')
    .description('agencies with their certificates and keys')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, list, listAgencies);
  const admit = agency
    .command('admit')
    .description('proposes an agency from its request and the certificate that was issued for it')
    .argument('<request>', 'request.json of "enroll request"')
    .requiredOption('--certificate <file>', 'the certificate, PEM')
    .option(...KEY_UNTIL)
    .option(...PROFILE_OPTION);
  attach<AdmitOptions>(cli, admit, admitAgency);
  addBar(cli, agency, 'agency', 'bars an agency at once, for good', 'code of the agency');
}

export function addCertificateCommands(program: Command, cli: Cli): void {
  const certificate = program.command('certificate').description("agencies' certificates");
  const add = certificate
    .command('add')
    .description('proposes a further certificate of an agency; the earlier ones stay')
    .argument('<agency>', 'code of the agency')
    .argument('<file>', 'the certificate, PEM')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, add, (context, [agency = '', file = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const der = await readCertificateOf(file, agency);
      const act = { kind: 'certificate.add', agency, certificate: der } as const;
      tellProposal(context, await proposeAct(desk, act), 'proposed');
      return undefined;
    }),
  );
  addBar(cli, certificate, 'certificate', 'bars a certificate at once, for good', 'its SHA-256, hexadecimal');
}

export function addKeyCommands(program: Command, cli: Cli): void {
  const key = program
    .command('key')
    .description("agencies' keys: what they sign with, and what answers are encrypted to");
  const add = key
    .command('add')
    .description('proposes a further key of an agency; the earlier ones stay until they are retired')
    .argument('<request>', 'request.json of "enroll request", encryption-request.json of "enroll encryption-key"')
    .option(...KEY_UNTIL)
    .option(...PROFILE_OPTION);
  attach<KeyOptions>(cli, add, (context, [file = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const { of, holder: agency, key: jwk, proof } = await readRequest(file, 'agency', 'encryption');
      if (of === 'encryption' && options.keyUntil !== undefined)
        throw new CliProblem('OPTION_WRONG', { option: '--key-until', wanted: 'leftOutToEncrypt' });
      const act =
        of === 'encryption'
          ? ({ kind: 'encryption_key.add', agency, encryption_key: jwk, encryption_proof: proof } as const)
          : ({ kind: 'key.add', agency, key: jwk, proof, ...keyUntil(options) } as const);
      tellProposal(context, await proposeAct(desk, act), 'proposed');
      return undefined;
    }),
  );
  const retire = key
    .command('retire')
    .description('ends the use of a key whose successor is in use; what it signed stays good')
    .argument('<kid>', 'thumbprint of the key')
    .requiredOption('--agency <code>', "the agency's code")
    .option(...PROFILE_OPTION);
  for (const [flags, text] of ALONE_OPTIONS) retire.option(flags, text);
  attach<RetireOptions>(cli, retire, (context, [kid = ''], options) =>
    actAlone(context, options, async () => ({ own: { kind: 'key.retire', agency: options.agency, kid } })),
  );
  addBar(cli, key, 'key', 'bars a key at once, for good', 'thumbprint of the key');
}

/** `<group> bar SUBJECT` */
export function addBar(
  cli: Cli,
  group: Command,
  what: 'agency' | 'certificate' | 'key' | 'officer' | 'issuer',
  text: string,
  subjectText: string,
): void {
  const bar = group
    .command('bar')
    .description(text)
    .argument('<subject>', subjectText)
    .option(...PROFILE_OPTION);
  for (const [flags, one] of ALONE_OPTIONS) bar.option(flags, one);
  // Whoever is no officer cannot be barred as one.
  if (what !== 'officer') bar.option(...UNKNOWN_OPTION);
  if (what === 'key') bar.option('--compromised-from <time>', 'since when others may have had it, RFC 3339');
  attach<BarOptions>(cli, bar, (context, [typed = ''], options) =>
    actAlone(context, options, async (desk) => {
      const since = pastMomentOf('--compromised-from', options.compromisedFrom);
      const { subject, notes } = await subjectFor(desk, what, typed, { ...context.settings, ...options });
      if (what === 'officer') await tellFalling(context, desk, subject);
      const moment = since === undefined ? {} : { compromised_from: since };
      return { own: { kind: 'bar', what, subject, ...moment }, notes };
    }),
  );
}

export const KEY_UNTIL = [
  '--key-until <time>',
  'from when on the key counts no more, RFC 3339 (default: no end)',
] as const;
export const keyUntil = (options: KeyOptions) => {
  const until = comingMomentOf('--key-until', options.keyUntil);
  return until === undefined ? {} : { key_until: until };
};

async function admitAgency(context: CommandContext, [file = '']: readonly string[], options: AdmitOptions) {
  const { holder, legal_entity, name_vi, name_en, key, proof, ...more } = await readRequest(file, 'agency');
  const { encryption_key, encryption_proof } = more;
  const certificate = await readCertificateOf(options.certificate, holder);
  return withOfficer(context, options, async (desk) => {
    const act = {
      kind: 'agency.admit',
      agency: holder,
      legal_entity,
      name_vi,
      name_en,
      certificate,
      key,
      proof,
      ...(encryption_key && encryption_proof ? { encryption_key, encryption_proof } : {}),
      ...keyUntil(options),
    } as const;
    tellProposal(context, await proposeAct(desk, act), 'proposed');
    return undefined;
  });
}

async function listAgencies(context: CommandContext, _args: readonly string[], options: ProfileOptions) {
  return withOfficer(context, options, async ({ client, signal, now }) => {
    const { message } = await client.unary(AdminService.method.listAgencies, {}, { signal });
    const { language } = context.settings;
    const words = OFFICER_WORDS[language];
    context.give(message.agencies.map((one) => toJson(AdmittedAgencySchema, one, { useProtoFieldName: true })));
    const rows = message.agencies.map(({ code, legalEntity, nameVi, nameEn, certificates, keys, barred }) => {
      const until = certificates.filter((one) => !one.barred).map(({ notAfter }) => localTime(Number(notAfter)));
      const counts = ({ state, until }: AgencyKey) => state === 'active' && (until === 0n || Number(until) > now());
      const active = (use: string) => keys.filter((key) => key.use === use && counts(key)).length;
      const name = language === 'vi' ? nameVi : nameEn;
      return [
        code,
        legalEntity,
        name,
        until.join('\n'),
        `${active('sig')}/${active('enc')}`,
        barred ? words.barred : words.open,
      ];
    });
    tellTable(context, words.agencies, rows);
    tellEnrolled(context, message.agencies);
    return undefined;
  });
}

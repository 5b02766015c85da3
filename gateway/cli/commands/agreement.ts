import { readFile } from 'node:fs/promises';
import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  AdminService,
  type ListAgreementsResponse,
  ListAgreementsResponseSchema,
  ProposalKind,
  RehearseResponseSchema,
} from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { agreementBytes } from '../../policy/agreement.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, wholeNumber } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { ALONE_OPTIONS, type AloneOptions, actAlone } from '../officers/act-alone.ts';
import { subjectFor, UNKNOWN_OPTION } from '../officers/bar-subject.ts';
import { type OfficerDesk, withOfficer } from '../officers/desk.ts';
import { readAgreement, showAgreement, showChanges } from '../officers/show-body.ts';
import { ignoredNotes } from '../officers/signers.ts';
import { OFFICER_WORDS, tellProposal, tellTable } from '../officers/words.ts';
import { fill } from '../problem.ts';
import { fieldRows, fieldsCsv } from './agreement-fields.ts';
import { addAgreementShow } from './agreement-show.ts';
import { signAgreementBytes } from './proposal.ts';

interface ListOptions extends ProfileOptions {
  readonly agency?: string;
  readonly fields?: boolean;
}

interface RevokeOptions extends AloneOptions {
  readonly unknown?: boolean;
}

interface RehearseOptions extends ProfileOptions {
  readonly days?: string;
}

const { method } = AdminService;

/** `agreement list|show|diff|propose|rehearse|revoke` */
export function addAgreementCommands(program: Command, cli: Cli): void {
  const agreement = program.command('agreement').description('what each agency may do, for which purpose');
  const list = agreement
    .command('list')
    .description('those that count, and what stands in the database and does not')
    .option('--agency <code>', 'of one agency only')
    .option(
      '--fields',
      'the record of processing instead: a row for each field that an agreement in force gives, as CSV',
    )
    .option(...PROFILE_OPTION);
  attach<ListOptions>(cli, list, listAgreements);
  addAgreementShow(agreement, cli);
  const ofFile = (name: string, text: string) =>
    agreement
      .command(name)
      .description(text)
      .argument('<file>', 'the agreement, JSON')
      .option(...PROFILE_OPTION);
  attach<ProfileOptions>(
    cli,
    ofFile('diff', 'member by member, what a file would change of the agreement that counts'),
    (context, [file = ''], options) =>
      withOfficer(context, options, async (desk) => {
        const after = readAgreement(await readFile(file), file);
        context.give({ changes: showChanges(context, await currentOf(desk, after), after) });
        return undefined;
      }),
  );
  attach<ProfileOptions>(
    cli,
    ofFile('propose', 'shows a file whole with what it changes, signs it, and puts it before the other officers'),
    (context, [file = ''], options) =>
      withOfficer(context, options, async (desk) => {
        const after = readAgreement(await readFile(file), file);
        showAgreement(context, await currentOf(desk, after), after);
        const body = agreementBytes(after);
        const request = { kind: ProposalKind.AGREEMENT, body, signature: signAgreementBytes(desk, body) };
        const { message } = await desk.client.unary(method.propose, request, { signal: desk.signal });
        tellProposal(context, message.proposal, 'proposed');
        return undefined;
      }),
  );
  const rehearse = ofFile(
    'rehearse',
    'which calls of the last days a file would have answered otherwise, and how',
  ).option('--days <n>', 'how many days back (default: 7)');
  attach<RehearseOptions>(cli, rehearse, rehearseAgreement);
  const revoke = agreement
    .command('revoke')
    .description('ends an agreement at once and for good; a new one gets another id')
    .argument('<id>', 'id of the agreement')
    .option(...UNKNOWN_OPTION)
    .option(...PROFILE_OPTION);
  for (const [flags, text] of ALONE_OPTIONS) revoke.option(flags, text);
  attach<RevokeOptions>(cli, revoke, (context, [typed = ''], options) =>
    actAlone(context, options, async (desk) => {
      const { subject, notes } = await subjectFor(desk, 'agreement', typed, { ...context.settings, ...options });
      return { own: { kind: 'bar', what: 'agreement', subject }, notes };
    }),
  );
}

export async function agreementsOf({ client, signal }: OfficerDesk, agency = ''): Promise<ListAgreementsResponse> {
  return (await client.unary(method.listAgreements, { agency }, { signal })).message;
}

/** The agreement that counts for the same agency and purpose. */
async function currentOf(
  desk: OfficerDesk,
  { agency, purpose }: { readonly agency: string; readonly purpose: string },
) {
  const { agreements } = await agreementsOf(desk, agency);
  const found = agreements.find((one) => one.purpose === purpose);
  return found && readAgreement(found.body);
}

async function listAgreements(context: CommandContext, _args: readonly string[], options: ListOptions) {
  return withOfficer(context, options, async (desk) => {
    const answer = await agreementsOf(desk, options.agency);
    const words = OFFICER_WORDS[context.settings.language];
    const { agreements, ignored, coming } = answer;
    if (options.fields === true) {
      const rows = fieldRows(agreements.map(({ body }) => readAgreement(body)));
      context.give({ fields: rows });
      context.say(fieldsCsv(rows, context.settings.language));
      for (const note of ignoredNotes(ignored, context.settings.language)) context.progress.note(note);
      return undefined;
    }
    const json = toJson(ListAgreementsResponseSchema, answer, { useProtoFieldName: true, alwaysEmitImplicit: true });
    const { request_id: _, blind: __, ...shown } = json as Record<string, unknown>;
    context.give(shown);
    tellTable(
      context,
      words.agreements,
      agreements.map(({ id, version, agency, purpose, validFrom, validTo }) => [
        ...[id, String(version), agency, purpose, localTime(Number(validFrom)), localTime(Number(validTo))],
      ]),
      1,
    );
    for (const { id, version, validFrom } of coming)
      context.say(fill(words.begins, { agreement: `${id}:${version}`, at: localTime(Number(validFrom)) }));
    for (const note of ignoredNotes(ignored, context.settings.language)) context.progress.note(note);
    return undefined;
  });
}

async function rehearseAgreement(context: CommandContext, [file = '']: readonly string[], options: RehearseOptions) {
  const days = wholeNumber('--days', options.days, 1, 30) ?? 0;
  const body = agreementBytes(readAgreement(await readFile(file), file));
  return withOfficer(context, options, async ({ client, signal }) => {
    const { message } = await client.unary(method.rehearse, { body, days }, { signal });
    const words = OFFICER_WORDS[context.settings.language];
    const json = toJson(RehearseResponseSchema, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
    const { request_id: _, blind: __, ...shown } = json as Record<string, unknown>;
    context.give(shown);
    const { replayed, same, unknown, complete, changes } = message;
    const facts = { replayed: Number(replayed), same: Number(same), unknown: Number(unknown) };
    context.say(fill(complete ? words.replayed : words.replayedPart, facts));
    if (changes.length === 0) return undefined;
    tellTable(
      context,
      words.rehearsed,
      changes.map(({ method: path, decisions, was, becomes, ...change }) => [
        ...[path.replace(/^.*\//, ''), String(decisions), was === becomes ? was : `${was} → ${becomes}`],
        [...change.gained, ...change.grantsGained].map((one) => `+ ${one}`).join('\n'),
        [...change.lost, ...change.grantsLost].map((one) => `− ${one}`).join('\n'),
      ]),
    );
    return undefined;
  });
}

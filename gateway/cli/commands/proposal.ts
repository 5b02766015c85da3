import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { AdminService, ProposalKind } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { signAgreement } from '../../agreements/officers.ts';
import { digestOf } from '../../signing/digest.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { mustBeAskable } from '../confirm.ts';
import { type AskedOptions, isWanted, YES_OPTION } from '../officers/ask.ts';
import { type OfficerDesk, signActBytes, withOfficer } from '../officers/desk.ts';
import { readAgreement, showBody } from '../officers/show-body.ts';
import { OFFICER_WORDS, proposalJson, proposalRow, tellProposal, tellTable } from '../officers/words.ts';
import { CliProblem } from '../problem.ts';

interface ListOptions extends ProfileOptions {
  readonly all?: boolean;
}

const { method } = AdminService;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const LEAST_PREFIX = 8;

/** `proposal list|show|approve|reject` */
export function addProposalCommands(program: Command, cli: Cli): void {
  const proposal = program.command('proposal').description('what officers put before each other');
  const list = proposal
    .command('list')
    .description('those that wait for an officer')
    .option('--all', 'those that were decided as well')
    .option(...PROFILE_OPTION);
  attach<ListOptions>(cli, list, listProposals);
  const one = (name: string, text: string) =>
    proposal
      .command(name)
      .description(text)
      .argument('<digest>', 'the digest, or how it begins')
      .option(...PROFILE_OPTION);
  const show = one('show', 'one proposal, member by member; of an agreement, what it changes is marked');
  attach<ProfileOptions>(cli, show, showProposal);
  const approve = one('approve', 'shows a proposal, and signs exactly that').option(...YES_OPTION);
  attach<AskedOptions>(cli, approve, approveProposal);
  attach<ProfileOptions>(cli, one('reject', 'ends a proposal; the proposer takes it back so'), rejectProposal);
}

async function listProposals(context: CommandContext, _args: readonly string[], options: ListOptions) {
  return withOfficer(context, options, async ({ client, signal }) => {
    const { message } = await client.unary(method.listProposals, { openOnly: options.all !== true }, { signal });
    const { language } = context.settings;
    context.give(message.proposals.map(proposalJson));
    tellTable(
      context,
      OFFICER_WORDS[language].proposals,
      message.proposals.map((proposal) => proposalRow(proposal, language)),
      1,
    );
    return undefined;
  });
}

/** The whole digest of what a person typed. Throws CliProblem PROPOSAL_UNNAMED. */
async function digestOfProposal({ client, signal }: OfficerDesk, given: string): Promise<string> {
  if (DIGEST.test(given)) return given;
  const { message } = await client.unary(method.listProposals, {}, { signal });
  const found = given.length < LEAST_PREFIX ? [] : message.proposals.filter(({ digest }) => digest.startsWith(given));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new CliProblem('PROPOSAL_UNNAMED', { digest: given });
  return only.digest;
}

/** One proposal, its bytes checked. Throws CliProblem PROPOSAL_UNNAMED, PROPOSAL_OTHER. */
export async function fetchProposal(desk: OfficerDesk, given: string) {
  const digest = await digestOfProposal(desk, given);
  const { message } = await desk.client.unary(method.getProposal, { digest }, { signal: desk.signal });
  // The name is the digest of what is shown and signed: a gateway that shows something else is found out here.
  if (digestOf(message.body) !== digest) throw new CliProblem('PROPOSAL_OTHER', { digest });
  return { ...message, digest };
}

async function showProposal(context: CommandContext, [given = '']: readonly string[], options: ProfileOptions) {
  return withOfficer(context, options, async (desk) => {
    const found = await fetchProposal(desk, given);
    const shown = showBody(context, found.body, found.current);
    context.give({ proposal: found.proposal && proposalJson(found.proposal), ...shown });
    return undefined;
  });
}

async function approveProposal(context: CommandContext, [given = '']: readonly string[], options: AskedOptions) {
  mustBeAskable(context, options);
  return withOfficer(context, options, async (desk) => {
    const { digest, body, current, proposal } = await fetchProposal(desk, given);
    showBody(context, body, current);
    if (!(await isWanted(context, desk.officer, options))) return EXIT_CODES.INTERRUPTED;
    const signature =
      proposal?.kind === ProposalKind.AGREEMENT ? signAgreementBytes(desk, body) : signActBytes(desk, body);
    const { message } = await desk.client.unary(method.approve, { digest, signature }, { signal: desk.signal });
    tellProposal(context, message.proposal, 'approved');
    return undefined;
  });
}

async function rejectProposal(context: CommandContext, [given = '']: readonly string[], options: ProfileOptions) {
  return withOfficer(context, options, async (desk) => {
    const digest = await digestOfProposal(desk, given);
    const { message } = await desk.client.unary(method.reject, { digest }, { signal: desk.signal });
    tellProposal(context, message.proposal, 'rejected');
    return undefined;
  });
}

/** An agreement's exact bytes, signed as the officer's own. Throws CliProblem AGREEMENT_FILE. */
export function signAgreementBytes({ signer, officer, deployment, now }: OfficerDesk, body: Uint8Array): string {
  const { id, version } = readAgreement(body);
  return signAgreement(signer, { body, id, version, officer, deployment, iat: now() });
}

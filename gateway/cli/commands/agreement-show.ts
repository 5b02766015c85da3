import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AdminService, ProposalState } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ADMINISTRATION_METHODS } from '../../acts/administration.ts';
import { ADMINISTRATION } from '../../acts/book.ts';
import { type Agreement, agreementBytes, agreementDigest } from '../../policy/agreement.ts';
import { attach, type Cli, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { type OfficerDesk, withOfficer } from '../officers/desk.ts';
import { readAgreement, showMembers } from '../officers/show-body.ts';
import { OFFICER_WORDS } from '../officers/words.ts';
import { CliProblem, fill } from '../problem.ts';
import { agreementsOf } from './agreement.ts';
import { fetchProposal } from './proposal.ts';

interface ShowOptions extends ProfileOptions {
  readonly out?: string;
  readonly next?: boolean;
}

/** `agreement show ID`: what it says or said, whole; `--out` writes what the next version begins with, and with `--next` that version. */
export function addAgreementShow(agreement: Command, cli: Cli): void {
  const show = agreement
    .command('show')
    .description('all that an agreement says, member by member; an earlier version as well')
    .argument('<id>', 'id of the agreement, or id:version (default: the one that counts, else the last one approved)')
    .option('--out <file>', 'writes it as JSON, to work on the next version; a file that is there stays')
    .option('--next', 'its next version: a number higher, and all methods of this version that officers call under it')
    .option(...PROFILE_OPTION);
  attach<ShowOptions>(cli, show, (context, [named = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const { body, counts, begins } = await bodyOf(desk, named);
      const now = readAgreement(body);
      const found = options.next === true ? await nextOf(desk, now) : now;
      const digest = agreementDigest(options.next === true ? agreementBytes(found) : body);
      if (options.out !== undefined)
        await writeFile(options.out, `${JSON.stringify(found, null, 2)}\n`, { flag: 'wx' });
      context.give({ digest, counts: counts && options.next !== true, agreement: found });
      showMembers(context, found);
      const words = OFFICER_WORDS[context.settings.language];
      const agreement = `${found.id}:${found.version}`;
      if (options.next === true) context.say(fill(words.next, { agreement, file: options.out ?? 'FILE' }));
      else if (begins !== undefined) context.say(fill(words.begins, { agreement, at: localTime(begins) }));
      else context.say(fill(counts ? words.countsNow : words.countedOnce, { agreement, digest }));
      return undefined;
    }),
  );
}

/** The version after all that were ever approved. The agreement under which officers call gets what it lacks, which nobody has by heart. */
async function nextOf(desk: OfficerDesk, { id, methods, ...terms }: Agreement): Promise<Agreement> {
  const { agreements, coming } = await agreementsOf(desk);
  const known = [...agreements, ...coming].map((one) => ({ id: one.id, version: Number(one.version) }));
  const versions = [...known, ...(await approvedOf(desk))].filter((one) => one.id === id).map(({ version }) => version);
  return {
    ...{ ...terms, id, version: Math.max(terms.version, ...versions) + 1 },
    methods: id === ADMINISTRATION ? [...new Set([...methods, ...ADMINISTRATION_METHODS])] : methods,
  };
}

/** Versions that two approved as officers, the newest first. */
async function approvedOf(desk: OfficerDesk) {
  const { message } = await desk.client.unary(AdminService.method.listProposals, {}, { signal: desk.signal });
  return message.proposals
    .filter(({ act, state }) => act === 'agreement' && state === ProposalState.APPROVED)
    .map(({ digest, subject }) => ({ digest, ...partsOf(subject) }))
    .sort((one, other) => other.version - one.version);
}

/** The exact bytes. One that counts no more is looked for among the proposals. Throws CliProblem AGREEMENT_UNKNOWN. */
async function bodyOf(desk: OfficerDesk, named: string) {
  const isNamed = (id: string, version: string | number): boolean => named === id || named === `${id}:${version}`;
  const { agreements, coming } = await agreementsOf(desk);
  const counting = agreements.find(({ id, version }) => isNamed(id, version));
  if (counting !== undefined) return { body: counting.body, counts: true };
  const waiting = coming.find(({ id, version }) => isNamed(id, version));
  if (waiting !== undefined) return { body: waiting.body, counts: false, begins: Number(waiting.validFrom) };
  const last = (await approvedOf(desk)).find(({ id, version }) => isNamed(id, version));
  if (last === undefined) throw new CliProblem('AGREEMENT_UNKNOWN', { named });
  return { body: (await fetchProposal(desk, last.digest)).body, counts: false };
}

/** Of `id:version`, as proposals name agreements. */
function partsOf(subject: string): { readonly id: string; readonly version: number } {
  const [id = '', version = ''] = subject.split(':');
  return { id, version: Number(version) };
}

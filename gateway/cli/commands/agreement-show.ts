import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AdminService, ProposalState } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { agreementDigest } from '../../policy/agreement.ts';
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
}

/** `agreement show ID`: what it says or said, whole; `--out` writes what the next version begins with. */
export function addAgreementShow(agreement: Command, cli: Cli): void {
  const show = agreement
    .command('show')
    .description('all that an agreement says, member by member; an earlier version as well')
    .argument('<id>', 'id of the agreement, or id:version (default: the one that counts, else the last one approved)')
    .option('--out <file>', 'writes it as JSON, to work on the next version; a file that is there stays')
    .option(...PROFILE_OPTION);
  attach<ShowOptions>(cli, show, (context, [named = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const { body, counts, begins } = await bodyOf(desk, named);
      const found = readAgreement(body);
      const digest = agreementDigest(body);
      if (options.out !== undefined)
        await writeFile(options.out, `${JSON.stringify(found, null, 2)}\n`, { flag: 'wx' });
      context.give({ digest, counts, agreement: found });
      showMembers(context, found);
      const words = OFFICER_WORDS[context.settings.language];
      const agreement = `${found.id}:${found.version}`;
      if (begins !== undefined) context.say(fill(words.begins, { agreement, at: localTime(begins) }));
      else context.say(fill(counts ? words.countsNow : words.countedOnce, { agreement, digest }));
      return undefined;
    }),
  );
}

/** The exact bytes. One that counts no more is looked for among the proposals. Throws CliProblem AGREEMENT_UNKNOWN. */
async function bodyOf(desk: OfficerDesk, named: string) {
  const isNamed = (id: string, version: string | number): boolean => named === id || named === `${id}:${version}`;
  const { agreements, coming } = await agreementsOf(desk);
  const counting = agreements.find(({ id, version }) => isNamed(id, version));
  if (counting !== undefined) return { body: counting.body, counts: true };
  const waiting = coming.find(({ id, version }) => isNamed(id, version));
  if (waiting !== undefined) return { body: waiting.body, counts: false, begins: Number(waiting.validFrom) };
  const { message } = await desk.client.unary(AdminService.method.listProposals, {}, { signal: desk.signal });
  const [last] = message.proposals
    .filter(({ act, state }) => act === 'agreement' && state === ProposalState.APPROVED)
    .map(({ digest, subject }) => ({ digest, ...partsOf(subject) }))
    .filter(({ id, version }) => isNamed(id, version))
    .sort((one, other) => other.version - one.version);
  if (last === undefined) throw new CliProblem('AGREEMENT_UNKNOWN', { named });
  return { body: (await fetchProposal(desk, last.digest)).body, counts: false };
}

/** Of `id:version`, as proposals name agreements. */
function partsOf(subject: string): { readonly id: string; readonly version: number } {
  const [id = '', version = ''] = subject.split(':');
  return { id, version: Number(version) };
}

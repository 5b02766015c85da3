/** An officer at the command line: the profile's client, and the officer's own signature, made on this machine. */
import { randomBytes } from 'node:crypto';
import { createSignedClient, type SignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { AdminService, type Proposal, ProposalKind } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { type Act, actBytes } from '../../acts/act.ts';
import { OFFICER_ISSUER } from '../../acts/book.ts';
import { signAct } from '../../acts/officer-token.ts';
import { digestOf } from '../../signing/digest.ts';
import { createSigner, type Signer } from '../../signing/sign.ts';
import { type CommandContext, type ProfileOptions, profileOf } from '../cli.ts';
import { CliProblem } from '../problem.ts';
import { OFFICERS_AGENCY } from './agency.ts';

export interface OfficerDesk {
  readonly client: SignedClient;
  readonly signal: AbortSignal;
  /** Code of the officer. */
  readonly officer: string;
  readonly deployment: string;
  /** In the register's name. */
  readonly signer: Signer;
  readonly now: () => number;
}

/**
 * Opens the profile's client and closes it. Throws CliProblem NOT_AN_OFFICER where the profile is an agency's,
 * OFFICER_UNNAMED where it does not say which officer it is.
 */
export async function withOfficer(
  context: CommandContext,
  options: ProfileOptions,
  work: (desk: OfficerDesk) => Promise<ExitCode | undefined>,
): Promise<ExitCode> {
  const profile = await profileOf(context.terminal, options);
  if (profile.agency !== OFFICERS_AGENCY) throw new CliProblem('NOT_AN_OFFICER', { agency: profile.agency });
  if (profile.context.officerCode === '') throw new CliProblem('OFFICER_UNNAMED', { folder: profile.folder });
  const client = createSignedClient(profile);
  const { key, kid } = profile.signingKey;
  try {
    const done = await work({
      client,
      signal: context.terminal.signal,
      officer: profile.context.officerCode,
      deployment: profile.deployment,
      signer: createSigner({ key, kid, issuer: OFFICER_ISSUER }),
      now: () => Math.floor(Date.now() / 1000),
    });
    return done ?? EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

export type Without<T> = T extends unknown ? Omit<T, 'act' | 'deployment'> : never;

/** The exact bytes of a new act. */
export function newAct({ deployment }: OfficerDesk, own: Without<Act>): Uint8Array {
  return actBytes({ act: randomBytes(16).toString('base64url'), deployment, ...own } as Act);
}

export function signActBytes({ signer, officer, deployment, now }: OfficerDesk, body: Uint8Array): string {
  return signAct(signer, { digest: digestOf(body), officer, deployment, iat: now() });
}

export async function proposeAct(desk: OfficerDesk, own: Without<Act>): Promise<Proposal | undefined> {
  return proposeBody(desk, newAct(desk, own));
}

/** Of exact bytes that the officer was shown. */
export async function proposeBody(desk: OfficerDesk, body: Uint8Array): Promise<Proposal | undefined> {
  const request = { kind: ProposalKind.ACT, body, signature: signActBytes(desk, body) };
  return (await desk.client.unary(AdminService.method.propose, request, { signal: desk.signal })).message.proposal;
}

/** At once, alone; of exact bytes that the officer was shown. */
export async function revokeBody(desk: OfficerDesk, body: Uint8Array): Promise<Proposal | undefined> {
  const request = { body, signature: signActBytes(desk, body) };
  return (await desk.client.unary(AdminService.method.revoke, request, { signal: desk.signal })).message.proposal;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedClient } from '../../../connectors/kit/client.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Person } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { Verdict, VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { consentQuery } from '../../console/consent-order.ts';
import { readLogTrust } from '../../console/log-trust.ts';
import type { RunningConsole } from '../../console/serve.ts';
import { type AccessCheck, checkAccessProof } from '../../proof/browser/check-access.ts';
import { personLines } from '../person-view.ts';
import { createPageVisitor, type PageVisitor } from './page-visitor.ts';

/** What a bank is told of one person, and what that person sees of it. */
export interface CitizenFindings {
  /** Before the person consented, while they did, and after they withdrew. */
  readonly verdicts: readonly [before: string, during: string, after: string];
  /** The exact text that the person agreed to. */
  readonly text: string;
  /** The bank's look, as the proof of it says; checked by the log's keys alone. */
  readonly check: AccessCheck;
  /** Address by which a bank asks, without a server before it. */
  readonly request: string;
}

const BANK = 'bank-demo';
const REQUEST = { recipient: BANK, purpose: 'account-opening', fieldIds: [1, 2, 3], days: 30, uses: 5 };
const TRIES = 40;
const TRY_MS = 250;

/**
 * A bank asks three times; in between the person consents in the page and withdraws there, by ordinary requests of a browser
 * without script, and at last reads who looked and checks the proof.
 */
export async function tellCitizenStory(
  bank: SignedClient,
  { link }: Pick<RunningConsole, 'link'>,
  person: Person,
  { signal, language }: { readonly signal: AbortSignal; readonly language: Language },
): Promise<CitizenFindings> {
  const origin = link.replace(/\/$/, '');
  const own = new Map(personLines(person).map(([path = '', text = '']) => [path, text]));
  const value = (path: string) => own.get(path) ?? '';
  const question = {
    idNumber: value('personal_id'),
    fullName: value('full_name'),
    dateOfBirth: value('date_of_birth'),
  };
  async function ask(): Promise<string> {
    const { message } = await bank.unary(
      VerificationService.method.verifyPerson,
      { context: { purpose: REQUEST.purpose }, ...question },
      { signal },
    );
    return Verdict[message.verdict] ?? '';
  }

  const page = createPageVisitor(origin);
  const request = `/${language}/consents/new?${consentQuery(REQUEST)}`;
  const before = await ask();
  await page.open(request);
  await page.send('/sign-in', [['number', question.idNumber]]);
  await page.send('/consents/new', [...REQUEST.fieldIds.map((id) => ['field', String(id)] as const), ['days', '30']]);
  const text = /<blockquote class="exact">([^<]*)/.exec(page.text())?.[1] ?? '';
  await page.send('/consents/agree');
  const during = await ask();
  await page.open(`/${language}/consents`);
  await page.open(page.link(/\/withdraw$/));
  await page.send('/withdraw');
  const after = await ask();
  const check = await checkLook(page, bank, language);
  await page.open(`/${language}/`);
  await page.send('/sign-out');
  return { verdicts: [before, during, after], text, check, request };
}

/** Waits until the index, which follows the log, shows the bank's look, and checks its proof. */
async function checkLook(page: PageVisitor, bank: SignedClient, language: Language): Promise<AccessCheck> {
  const { origin, keys } = await readLogTrust(bank);
  const trust = { origin, logKeys: keys.map(({ der }) => Uint8Array.from(Buffer.from(der, 'base64url'))) };
  for (let i = 0; i < TRIES; i++) {
    await page.open(`/${language}/accesses`);
    const entry = new RegExp(`data-entry="([\\w-]+)" data-agency="${BANK}"`).exec(page.text())?.[1];
    if (entry !== undefined)
      return checkAccessProof(await page.download(`/${language}/accesses/${entry}/proof`), trust);
    await sleep(TRY_MS);
  }
  throw new Error('the bank’s look is not in the list of who looked');
}

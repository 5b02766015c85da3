import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { SignedClient } from '../../connectors/kit/client.ts';
import { KitError } from '../../connectors/kit/kit-error.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import { GatewayError } from '../../connectors/kit/refusal.ts';
import { renew } from './acting-person.ts';
import type { Eid } from './eid.ts';
import type { LogTrust } from './log-trust.ts';
import type { Names } from './names.ts';
import { answerTo, once } from './once.ts';
import { frame } from './pages/frame.ts';
import { noticePage } from './pages/notice.ts';
import { signingPage } from './pages/signing.ts';
import { type Act, type PendingActs, prepareActs, type SignedAct, signHere } from './pending-acts.ts';
import { isOwnForm, type Session, type Sessions } from './session.ts';
import { fill } from './words/fill.ts';
import { FRAME } from './words/frame.ts';
import { toldOf } from './words/refusals.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What the pages stand on. */
export interface Parts {
  readonly client: Pick<SignedClient, 'unary' | 'open' | 'audience' | 'now'>;
  readonly eid: Eid;
  readonly names: Names;
  readonly sessions: Sessions;
  /** What proofs are checked by, in the browser. */
  readonly logTrust: () => Promise<LogTrust>;
  /** The channel's own code: whose calls carry the persons' acts. */
  readonly agency: string;
  /** Purpose of every call: the channel's own. */
  readonly purpose: string;
  /** Whether cookies are for https only. */
  readonly secure: boolean;
}

/** One request to the page, with whose it is and in which language. */
export interface Visit {
  readonly parts: Parts;
  readonly context: Context;
  readonly language: Language;
  readonly session: Session | undefined;
}

export type Handler = (visit: Visit) => Response | Promise<Response>;
/** How the routes of one subject are added: below each language. */
export type Routes = (on: (method: 'GET' | 'POST', path: string, handler: Handler) => void) => void;

/** A visit of somebody who is signed in. */
export type Signed = Visit & { readonly session: Session & { readonly person: NonNullable<Session['person']> } };

/** A page for those who are signed in; the others are told to sign in. */
export function signedOnly(page: (visit: Signed) => Response | Promise<Response>): Handler {
  return (visit) => (isSigned(visit) ? page(visit) : notice(visit, 'ended'));
}

export function isSigned(visit: Visit): visit is Signed {
  return visit.session?.person !== undefined;
}

export function show(
  visit: Visit,
  {
    title,
    body,
    status = 200,
    scripts = [],
  }: {
    readonly title: string;
    readonly body: Html;
    readonly status?: 200 | 400 | 403 | 404 | 409 | 502;
    readonly scripts?: readonly string[];
  },
): Response | Promise<Response> {
  const { context, language, session, parts } = visit;
  const path = context.req.path.replace(/^\/(vi|en)/, '') + new URL(context.req.url).search;
  // A form that was sent cannot be sent again in another language: the switch leads to the page's beginning then.
  const other = context.req.method === 'GET' ? path : '/';
  return context.html(
    frame(
      { language, other, session, development: parts.eid.development },
      { title: status === 400 ? fill(FRAME[language].error, { title }) : title, body, scripts },
    ),
    status,
  );
}

/** To another page, by GET. */
export function go({ context, language }: Visit, path: string): Response {
  return context.redirect(`/${language}${path}`, 303);
}

/** Says in a few words what is the case, with the way on. */
export function notice(
  visit: Visit,
  what: 'notFound' | 'formOld' | 'ended' | 'signedOut',
): Response | Promise<Response> {
  const words = FRAME[visit.language];
  const status = { notFound: 404, formOld: 409, ended: 403, signedOut: 200 } as const;
  const way = what === 'ended' || what === 'signedOut' ? '/sign-in' : '/';
  const over = what === 'signedOut' || (what === 'ended' && isOver(visit));
  if (over) forgetSession(visit);
  return show(visit, {
    title: words[what],
    status: status[what],
    // The browser's half of signing out: its key.
    scripts: over ? ['sign-out'] : [],
    body: noticePage(words[what], words[`${what}Text`], [
      { href: `/${visit.language}${way}`, text: way === '/' ? words.home : words.signIn },
    ]),
  });
}

/**
 * Whether nobody is signed in in this browser any more. A request without the cookie does not say so by itself: from a page of
 * elsewhere it comes without one. Browsers that do not tell where a request comes from keep the key until the next sign-in.
 */
function isOver({ context, parts }: Visit): boolean {
  const site = context.req.header('sec-fetch-site');
  return getCookie(context, cookieName(parts.secure)) !== undefined || site === 'same-origin' || site === 'none';
}

/** What a form of this session's holds; undefined where it is another's. */
export async function readForm(visit: Visit & { readonly session: Session }): Promise<FormData | undefined> {
  const form = await visit.context.req.formData().catch(() => undefined);
  return form !== undefined && isOwnForm(visit.session, form.get('csrf')) ? form : undefined;
}

/** Pages of one session that may wait for signatures together. */
const MOST_PENDING = 10;

/**
 * Lets the persons sign acts and makes the calls. With keys that are in the browser the answer is a page that signs and comes
 * back; else it is done at once.
 *
 * @param then makes the calls and keeps their answers where it is told, which is about whom the pages are about now; resolves to
 * the path of the page that shows what came of it
 * @param form name of the form that was sent, where it does something: pressed twice, it is done once
 */
export async function perform(
  visit: Signed,
  acts: readonly Act[],
  then: (signed: readonly SignedAct[], kept: Session['kept']) => Promise<string>,
  form?: string,
): Promise<Response> {
  const { parts, session } = visit;
  const mine = session.kept;
  const before = form === undefined ? undefined : await answerTo(session.answered, form);
  if (before !== undefined) return before;
  for (const person of new Set(acts.flatMap(({ persons }) => persons))) {
    if (await renew(parts.eid, person, parts.client.now())) continue;
    parts.sessions.end(session);
    return notice({ ...visit, session: undefined }, 'ended');
  }
  const pending = prepareActs(
    acts,
    parts.client,
    async (signed) => {
      const path = await then(signed, mine);
      // The page of what was done is about somebody whom the pages are no longer about.
      return session.kept === mine ? path : '/';
    },
    form,
  );
  if (pending.wanted.every(({ held }) => held === 'here')) {
    return settle(visit, pending, pending.wanted.map(signHere));
  }
  session.pending.set(pending.id, pending);
  for (const id of session.pending.keys()) {
    if (session.pending.size <= MOST_PENDING) break;
    session.pending.delete(id);
  }
  const words = FRAME[visit.language];
  const body = signingPage(pending, { language: visit.language, csrf: session.csrf });
  return show(visit, { title: words.signing, body, scripts: ['sign-acts'] });
}

/** Makes the call of an act that was signed. Throws KitError, GatewayError. */
export async function callSigned<I extends DescMessage, O extends DescMessage>(
  { client, purpose }: Parts,
  method: DescMethodUnary<I, O>,
  signed: SignedAct | undefined,
): Promise<MessageShape<O>> {
  // Every call by a person has these members; the library's types cannot say so of all of them at once.
  const request = { context: { purpose }, act: signed?.bytes, persons: [...(signed?.onBehalf ?? [])] };
  const { message } = await client.unary(method, request as unknown as MessageInitShape<I>);
  return message;
}

/** Goes on with acts that the browser signed. */
export async function takeSignatures(visit: Signed, form: FormData): Promise<Response> {
  const { session } = visit;
  const id = String(form.get('pending') ?? '');
  const before = await answerTo(session.answered, id);
  if (before !== undefined) return before;
  const pending = session.pending.get(id);
  if (pending === undefined) return notice(visit, 'formOld');
  session.pending.delete(id);
  const given = form.getAll('token').map(String);
  const tokens = pending.wanted.map((each) => (each.held === 'here' ? signHere(each) : (given.shift() ?? '')));
  return settle(visit, pending, tokens);
}

async function settle(visit: Signed, pending: PendingActs, tokens: readonly string[]): Promise<Response> {
  return once(visit.session.answered, pending.names, async () => {
    try {
      return go(visit, await pending.run(tokens));
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return refused(visit, error, pending.looksOnly);
    }
  });
}

/**
 * Tells what the gateway refused, in words for a person. Where it broke off in the middle of an act, the act may have been recorded
 * all the same: then nothing else is said than where to look.
 */
function refused(visit: Visit, error: KitError, looksOnly: boolean): Response | Promise<Response> {
  const { language } = visit;
  const words = FRAME[language];
  const said = error instanceof GatewayError ? error.refusal : undefined;
  const broke = said === undefined || error.reason === 'UNAVAILABLE';
  const told = said === undefined ? undefined : toldOf(said, language) || said.sentences[language];
  const id = said?.requestId;
  const more = id === undefined ? undefined : fill(words.reference, { id });
  const way = (path: string, text: string) => ({ href: `/${language}${path}`, text });
  const unknown = broke && !looksOnly;
  const title = unknown ? words.unknown : words.failed;
  const body = unknown
    ? noticePage(title, words.unknownText, [way('/matters', words.matters), way('/consents', words.consents)], more)
    : noticePage(title, (broke ? '' : told) || words.failedText, [way('/', words.home)], more);
  return show(visit, { title, status: broke ? 502 : 409, body });
}

export function cookieName(secure: boolean): string {
  return secure ? '__Host-lt-session' : 'lt-session';
}

/** Makes the session the browser's: not readable by a script, not sent from elsewhere, gone with the browser. */
export function keepSession({ context, parts }: Visit, session: Session): void {
  const { secure } = parts;
  setCookie(context, cookieName(secure), session.id, { path: '/', httpOnly: true, sameSite: 'Strict', secure });
}

/**
 * Takes the session from the browser. That is also what makes it drop the pages that it keeps for going back: `no-store` alone
 * does not, and whoever sat down next would see who looked.
 */
function forgetSession({ context, parts }: Visit): void {
  const { secure } = parts;
  deleteCookie(context, cookieName(secure), { path: '/', httpOnly: true, sameSite: 'Strict', secure });
}

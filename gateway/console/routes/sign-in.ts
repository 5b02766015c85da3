import { readPublicJwk } from '../../signing/public-key.ts';
import { browserKey, newKeyHere, type SessionKey, signIn } from '../acting-person.ts';
import { textIn } from '../consent-text.ts';
import { welcomePage } from '../pages/home.ts';
import { type SignInProblem, signInPage } from '../pages/sign-in.ts';
import { type Session, turnTo } from '../session.ts';
import {
  go,
  isSigned,
  keepSession,
  notice,
  type Routes,
  readForm,
  show,
  signedOnly,
  takeSignatures,
  type Visit,
} from '../visit.ts';
import { FRAME } from '../words/frame.ts';
import { overview } from './consents.ts';

/** The first page, signing in and out, whom the pages are about, and the signatures that a browser sends. */
export const signInRoutes: Routes = (on) => {
  on('GET', '/', (visit) =>
    isSigned(visit)
      ? overview(visit)
      : show(visit, { title: FRAME[visit.language].homeTitle, body: welcomePage(visit.language) }),
  );

  on('GET', '/sign-in', (visit) => form(visit, '/sign-in'));
  on('POST', '/sign-in', async (visit) => {
    const before = visit.session;
    if (before === undefined) return notice(visit, 'ended');
    const sent = await readForm({ ...visit, session: before });
    if (sent === undefined) return notice(visit, 'formOld');
    const taken = await take(visit, sent);
    if (typeof taken === 'string') return form(visit, '/sign-in', taken);
    // A new name for the session: one that was known before somebody signed in is worth nothing after.
    const session = visit.parts.sessions.open(taken);
    visit.parts.sessions.end(before);
    keepSession(visit, session);
    return go(visit, before.after ?? '/');
  });

  on(
    'GET',
    '/child',
    signedOnly((visit) => (visit.session.reading === undefined ? go(visit, '/') : form(visit, '/child'))),
  );
  on('POST', '/child', async (visit) => {
    if (!isSigned(visit)) return notice(visit, 'ended');
    const { session } = visit;
    const sent = await readForm(visit);
    const text = session.reading?.text;
    // The text that the child was shown is the one that is being read.
    if (sent === undefined || text === undefined || textIn(sent) !== text) return notice(visit, 'formOld');
    const taken = await take(visit, sent);
    if (typeof taken === 'string') return form(visit, '/child', taken);
    const child = session.about === undefined ? undefined : session.person.about.represented[session.about];
    // Somebody else than the child whom the pages are about helps nothing.
    if (child?.personalId !== taken.about.personalId) return form(visit, '/child', 'otherPerson');
    session.second = { person: taken, text };
    return go(visit, '/consents/agree');
  });

  on('POST', '/about', async (visit) => {
    if (!isSigned(visit)) return notice(visit, 'ended');
    const sent = await readForm(visit);
    if (sent === undefined) return notice(visit, 'formOld');
    const { session } = visit;
    const at = String(sent.get('about') ?? '');
    const isOne = /^\d{1,2}$/.test(at) && Number(at) < session.person.about.represented.length;
    turnTo(session, isOne ? Number(at) : undefined);
    return go(visit, '/');
  });

  on('POST', '/signed', async (visit) => {
    if (!isSigned(visit)) return notice(visit, 'ended');
    const sent = await readForm(visit);
    return sent === undefined ? notice(visit, 'formOld') : takeSignatures(visit, sent);
  });

  on('POST', '/sign-out', async (visit) => {
    const { session } = visit;
    if (session === undefined) return notice(visit, 'ended');
    if ((await readForm({ ...visit, session })) === undefined) return notice(visit, 'formOld');
    visit.parts.sessions.end(session);
    return notice({ ...visit, session: undefined }, 'signedOut');
  });
};

function form(visit: Visit, action: '/sign-in' | '/child', problem?: SignInProblem): Response | Promise<Response> {
  const session = visit.session ?? visit.parts.sessions.open();
  if (visit.session === undefined) keepSession(visit, session);
  const text = action === '/child' ? session.reading?.text : undefined;
  const afterEnd = session.afterEnd && problem === undefined;
  return show(visit, {
    title: FRAME[visit.language].signInTitle,
    status: problem === undefined ? 200 : 400,
    body: signInPage(visit.language, { eid: visit.parts.eid, csrf: session.csrf, problem, afterEnd, action, text }),
    // The key of the sign-in that is over is forgotten before another one is made.
    scripts: session.afterEnd ? ['sign-out', 'sign-in'] : ['sign-in'],
  });
}

/** Who signs in by this form; what is wrong with it where nobody does. */
async function take({ parts }: Visit, sent: FormData): Promise<NonNullable<Session['person']> | SignInProblem> {
  const typed = String(sent.get('number') ?? '').replaceAll(/[\s.]/g, '');
  const picked = parts.eid.people[Number(sent.get('person') ?? Number.NaN)]?.personalId;
  const personalId = typed === '' ? (picked ?? '') : typed;
  if (personalId === '') return 'nobodyChosen';
  if (!/^9\d{11}$/.test(personalId)) return 'numberWrong';
  return (await signIn(parts.eid, personalId, await keyOf(String(sent.get('jwk') ?? '')))) ?? 'unknownPerson';
}

/** The browser's key where it sent one; else one that is kept here. */
async function keyOf(text: string): Promise<SessionKey> {
  try {
    const jwk = readPublicJwk(JSON.parse(text));
    if (jwk !== undefined) return browserKey(jwk);
  } catch {
    // No script ran.
  }
  return newKeyHere();
}

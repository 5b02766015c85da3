import { create, toBinary } from '@bufbuild/protobuf';
import { pathOf } from '../../../connectors/kit/client.ts';
import { ConsentService, GrantActSchema } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import {
  Representation,
  type RepresentedPerson,
  SignedBytesSchema,
} from '../../../proto/gen/lienthong/type/v1/type_pb.js';
import { VOCABULARY_VERSION } from '../../fields/vocabulary.ts';
import { type ActingPerson, newBlind } from '../acting-person.ts';
import { type ConsentOrder, type ConsentRequest, consentQuery, readConsentRequest } from '../consent-order.ts';
import { consentText, TEXT_VERSION, textIn } from '../consent-text.ts';
import { answerTo, formIn, newForm } from '../once.ts';
import {
  confirmGrantPage,
  type GrantChosen,
  type GrantProblem,
  NOTHING_CHOSEN,
  offeredDays,
  requestPage,
} from '../pages/grant.ts';
import { noticePage } from '../pages/notice.ts';
import {
  callSigned,
  go,
  isSigned,
  keepSession,
  notice,
  perform,
  type Routes,
  readForm,
  type Signed,
  show,
  signedOnly,
  type Visit,
} from '../visit.ts';
import { endOfDay } from '../when.ts';
import { FRAME } from '../words/frame.ts';
import { MATTERS } from '../words/matters.ts';

/** Giving a consent: a request by a link, the person's choice, the exact text, the act. */
export const grantRoutes: Routes = (on) => {
  on('GET', '/consents/new', (visit) => {
    const request = requestOf(visit);
    if (request === undefined) return wrongLink(visit);
    return isSigned(visit) ? ask(visit, request) : signInFirst(visit, request);
  });
  on('POST', '/consents/new', async (visit) => {
    const request = requestOf(visit);
    if (request === undefined) return wrongLink(visit);
    if (!isSigned(visit)) return signInFirst(visit, request, { afterEnd: true });
    const form = await readForm(visit);
    if (form === undefined) return notice(visit, 'formOld');
    const chosen = chosenIn(form, request);
    if (form.has('change')) return ask(visit, request, { chosen });
    const choice = choiceOf(chosen);
    if (typeof choice === 'string') return ask(visit, request, { chosen, problem: choice });
    return read(visit, request, choice);
  });
  // Once a child has signed in: what both agree to is shown again.
  on(
    'GET',
    '/consents/agree',
    signedOnly((visit) => {
      const { reading } = visit.session;
      return reading === undefined ? go(visit, '/consents') : read(visit, reading.request, reading.choice);
    }),
  );
  on('POST', '/consents/agree', async (visit) => {
    const request = requestOf(visit);
    if (!isSigned(visit)) {
      return request === undefined ? notice(visit, 'ended') : signInFirst(visit, request, { afterEnd: true });
    }
    const form = await readForm(visit);
    const name = form === undefined ? undefined : formIn(form);
    if (request === undefined || form === undefined || name === undefined) return notice(visit, 'formOld');
    const chosen = chosenIn(form, request);
    const choice = choiceOf(chosen);
    if (typeof choice === 'string') return ask(visit, request, { chosen, problem: choice });
    // Before the text is looked at: it is that of yesterday where the button is pressed again after midnight.
    return (
      (await answerTo(visit.session.answered, name)) ?? agree(visit, request, choice, { shown: textIn(form), name })
    );
  });
};

type Choice = Pick<ConsentRequest, 'fieldIds' | 'days'>;

function requestOf(visit: Visit): ConsentRequest | undefined {
  return readConsentRequest(visit.context.req.query());
}

/** What was chosen, within what was asked for. */
function chosenIn(form: FormData, request: ConsentRequest): GrantChosen {
  const chosen = new Set(form.getAll('field').map(Number));
  const days = Number(form.get('days') ?? Number.NaN);
  return {
    fieldIds: request.fieldIds.filter((id) => chosen.has(id)),
    days: offeredDays(request.days).find((offered) => offered === days),
  };
}

function choiceOf({ fieldIds, days }: GrantChosen): Choice | GrantProblem {
  if (fieldIds.length === 0) return 'chooseField';
  return days === undefined ? 'chooseTime' : { fieldIds, days };
}

/** @param shown what the person chose before, where they did, and what is wrong with it */
function ask(
  visit: Signed,
  request: ConsentRequest,
  shown: { readonly chosen?: GrantChosen; readonly problem?: GrantProblem } = {},
): Response | Promise<Response> {
  const { parts, session, language } = visit;
  const { chosen = NOTHING_CHOSEN, problem } = shown;
  const facts = { request, names: parts.names, now: parts.client.now(), csrf: session.csrf, chosen, problem };
  return show(visit, {
    title: MATTERS[language].grantTitle,
    status: problem === undefined ? 200 : 400,
    body: requestPage(language, { ...facts, query: consentQuery(request) }),
  });
}

/** The exact text. A child who signed in for another one has not agreed to this. */
function read(visit: Signed, request: ConsentRequest, choice: Choice): Response | Promise<Response> {
  const { parts, session, language } = visit;
  const text = textOf(visit, request, choice, endOfDay(parts.client.now(), choice.days));
  session.reading = { request, choice, text };
  if (session.second?.text !== text) session.second = undefined;
  const child = childNeeded(visit) ? (session.second === undefined ? 'missing' : 'here') : 'not needed';
  const { csrf, endsAt } = session;
  const facts = { text, csrf, endsAt, form: newForm(), query: consentQuery(request), child, ...choice } as const;
  return show(visit, { title: MATTERS[language].confirmTitle, body: confirmGrantPage(language, facts) });
}

function wrongLink(visit: Visit): Response | Promise<Response> {
  const words = MATTERS[visit.language];
  const way = { href: `/${visit.language}/`, text: FRAME[visit.language].home };
  return show(visit, {
    title: words.badRequest,
    status: 400,
    body: noticePage(words.badRequest, words.badRequestText, [way]),
  });
}

/**
 * The request is kept until somebody is signed in.
 *
 * @param afterEnd whether a form was sent, by somebody who is no longer signed in
 */
function signInFirst(visit: Visit, request: ConsentRequest, { afterEnd } = { afterEnd: false }): Response {
  const session = visit.session ?? visit.parts.sessions.open();
  if (visit.session === undefined) keepSession(visit, session);
  session.afterEnd ||= afterEnd;
  session.after = `/consents/new?${consentQuery(request)}`;
  return go(visit, '/sign-in');
}

/** Whom the pages are about, where that is not the person. */
function representedOf({ session }: Signed): RepresentedPerson | undefined {
  return session.about === undefined ? undefined : session.person.about.represented[session.about];
}

function childNeeded(visit: Signed): boolean {
  return representedOf(visit)?.ownActNeeded === true;
}

function textOf(visit: Signed, request: ConsentRequest, choice: Choice, expiresAt: number): string {
  const { parts, language } = visit;
  return consentText(
    { ...request, ...choice, represented: representedOf(visit) },
    { expiresAt, names: parts.names, language },
  );
}

async function agree(
  visit: Signed,
  request: ConsentRequest,
  choice: Choice,
  { shown, name }: { readonly shown: string; readonly name: string },
): Promise<Response> {
  const { parts, session, language } = visit;
  const now = parts.client.now();
  const expiresAt = endOfDay(now, choice.days);
  const text = textOf(visit, request, choice, expiresAt);
  // What is signed is what was shown: at midnight, after a change of names, or about somebody else, it is shown again.
  if (text !== shown) return ask(visit, request, { chosen: choice });
  const { person, second } = session;
  const child = second?.text === text ? second.person : undefined;
  if (childNeeded(visit) && child === undefined) return read(visit, request, choice);
  const persons = childNeeded(visit) && child !== undefined ? [child, person] : [person];
  const represented = representedOf(visit);
  const actOf = ({ about }: ActingPerson) => ({
    personalId: about.personalId,
    relation:
      about.personalId === person.about.personalId
        ? (represented?.relation ?? Representation.UNSPECIFIED)
        : Representation.UNSPECIFIED,
    actedAt: BigInt(now),
    assurance: about.assurance,
  });
  const order: ConsentOrder = {
    personalId: represented?.personalId ?? person.about.personalId,
    recipient: request.recipient,
    purpose: request.purpose,
    fieldIds: choice.fieldIds,
    vocabularyVersion: VOCABULARY_VERSION,
    expiresAt,
    useQuota: request.uses,
    textShown: text,
    textVersion: TEXT_VERSION,
    language,
    acts: persons.map(actOf),
  };
  const { csrf } = session;
  const artefact = create(SignedBytesSchema, await parts.eid.issueConsent(order));
  // Meanwhile the pages were turned to somebody else.
  if (session.csrf !== csrf) return notice(visit, 'formOld');
  const act = toBinary(GrantActSchema, create(GrantActSchema, { artefact, blind: newBlind() }));
  const method = ConsentService.method.grantConsent;
  return perform(
    visit,
    [{ mth: pathOf(method), bytes: act, persons }],
    async ([signed], mine) => {
      await callSigned(parts, method, signed);
      mine.clear();
      session.second = undefined;
      session.reading = undefined;
      mine.set('granted', { value: true, until: Number.POSITIVE_INFINITY });
      return '/consents';
    },
    name,
  );
}

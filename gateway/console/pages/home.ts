import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import { ConsentState, type ListConsentsResponse } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { ActingPerson } from '../acting-person.ts';
import type { Html } from '../visit.ts';
import { fill, lastDigits } from '../words/fill.ts';
import { FRAME } from '../words/frame.ts';
import { MATTERS } from '../words/matters.ts';

/** The first page, to whoever comes. */
export function welcomePage(language: Language): Html {
  const words = FRAME[language];
  const points = [
    [words.point1, words.point1Text],
    [words.point2, words.point2Text],
    [words.point3, words.point3Text],
  ];
  return html`<h1>${words.homeTitle}</h1>
<p class="lead">${words.homeLead}</p>
<p class="actions"><a class="button first" href="/${language}/sign-in">${words.signIn}</a></p>
<ul class="cards">${points.map(([title, text]) => html`<li class="card"><h2 class="point">${title}</h2><p>${text}</p></li>`)}</ul>`;
}

/** The first page of somebody who is signed in: how things stand, and for whom. */
export function overviewPage(
  language: Language,
  facts: {
    readonly person: ActingPerson;
    readonly about: number | undefined;
    readonly view: ListConsentsResponse;
    readonly csrf: string;
  },
): Html {
  const [words, more] = [FRAME[language], MATTERS[language]];
  const { consents, receipts } = facts.view;
  const inForce = consents.filter(({ state }) => state === ConsentState.IN_FORCE).length;
  const open = receipts.filter(({ clocks }) => clocks.some(({ metAt }) => metAt === 0n)).length;
  const card = (figure: number, text: string, path: string) =>
    html`<li class="card"><span class="figure">${figure}</span><p>${text}</p><p><a href="/${language}${path}">${words.seeAll}<span class="unseen"> – ${text}</span></a></p></li>`;
  return html`<h1>${words.homeNow}</h1>
<ul class="cards">
${card(inForce, words.inForceCount, '/consents')}
${card(open, words.openCount, '/matters')}
<li class="card"><h2 class="point">${words.accesses}</h2><p>${words.point2Text}</p><p><a href="/${language}/accesses">${words.seeAll}<span class="unseen"> – ${words.accesses}</span></a></p></li>
</ul>
${facts.person.about.represented.length === 0 ? '' : represented(language, facts, more)}`;
}

function represented(
  language: Language,
  { person, about, csrf }: { readonly person: ActingPerson; readonly about: number | undefined; readonly csrf: string },
  words: (typeof MATTERS)['vi' | 'en'],
): Html {
  const choice = (value: string, text: string, chosen: boolean) =>
    html`<button name="about" value="${value}" ${chosen ? html`aria-pressed="true" class="first"` : html`aria-pressed="false"`}>${text}</button>`;
  return html`<h2>${words.childTitle}</h2>
<p>${words.childLead}</p>
<form method="post" action="/${language}/about" class="actions">
<input type="hidden" name="csrf" value="${csrf}">
${choice('', words.forMyself, about === undefined)}
${person.about.represented.map(({ personalId, relation }, at) =>
  choice(
    String(at),
    fill(words.forPerson, { relation: words.relation[relation] ?? '', id: lastDigits(personalId) }),
    about === at,
  ),
)}
</form>`;
}

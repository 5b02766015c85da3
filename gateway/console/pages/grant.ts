import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import { pathOf } from '../../fields/vocabulary.ts';
import type { ConsentRequest } from '../consent-order.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { day, endOfDay, minute } from '../when.ts';
import { fieldName } from '../words/fields.ts';
import { fill } from '../words/fill.ts';
import { MATTERS } from '../words/matters.ts';

export type GrantProblem = 'chooseField' | 'chooseTime';

/** What the person has ticked so far. */
export interface GrantChosen {
  readonly fieldIds: readonly number[];
  readonly days: number | undefined;
}
export const NOTHING_CHOSEN: GrantChosen = { fieldIds: [], days: undefined };

/** Times that are offered, up to what is asked for. */
export function offeredDays(most: number): readonly number[] {
  return [...new Set([1, 30, 90, 365].filter((days) => days < most).concat(most))];
}

/**
 * What somebody asks the person for. Nothing is chosen beforehand, and every item is chosen by itself; what the person chose is
 * there again when the page is shown again.
 */
export function requestPage(
  language: Language,
  facts: {
    readonly request: ConsentRequest;
    readonly names: Names;
    readonly now: number;
    readonly csrf: string;
    /** The request as it came, to be sent on. */
    readonly query: string;
    readonly chosen: GrantChosen;
    readonly problem: GrantProblem | undefined;
  },
): Html {
  const words = MATTERS[language];
  const { request, names, chosen, problem } = facts;
  const { recipient, purpose, fieldIds, days, uses } = request;
  return html`<h1>${words.grantTitle}</h1>
<p class="lead">${words.grantLead}</p>
${problem === undefined ? '' : html`<p class="error" role="alert" id="problem" tabindex="-1" autofocus>${words[problem]}</p>`}
<dl class="card">
<dt>${words.who}</dt><dd><b>${names.agency(recipient, language)}</b></dd>
<dt>${words.whatFor}</dt><dd>${names.purpose(recipient, purpose, language)}</dd>
</dl>
<form method="post" action="/${language}/consents/new?${facts.query}">
<input type="hidden" name="csrf" value="${facts.csrf}">
<fieldset ${problem === 'chooseField' ? html`aria-describedby="problem"` : ''}>
<legend>${words.which}</legend>
${fieldIds.map(
  (id) =>
    html`<label class="choice"><input type="checkbox" name="field" value="${id}" ${chosen.fieldIds.includes(id) ? 'checked' : ''}> <span>${fieldName(pathOf(id), language)}</span></label>`,
)}
</fieldset>
<fieldset ${problem === 'chooseTime' ? html`aria-describedby="problem"` : ''}>
<legend>${words.howLong}</legend>
${offeredDays(days).map(
  (n) =>
    html`<label class="choice"><input type="radio" name="days" value="${n}" ${chosen.days === n ? 'checked' : ''}> <span>${fill(words.days, { n, day: day(endOfDay(facts.now, n) - 1) })}</span></label>`,
)}
${uses === 0 ? '' : html`<p class="small">${fill(words.howOften, { n: uses })}</p>`}
</fieldset>
<p class="actions"><button class="first">${words.read}</button> <a class="button" href="/${language}/consents">${words.notNow}</a></p>
</form>`;
}

/** The exact text, before it is agreed to. */
export function confirmGrantPage(
  language: Language,
  facts: {
    readonly text: string;
    readonly csrf: string;
    readonly form: string;
    readonly query: string;
    readonly fieldIds: readonly number[];
    readonly days: number;
    /** When the sign-in is over, milliseconds: a press after that is not recorded. */
    readonly endsAt: number;
    /** Where a child must sign in first. */
    readonly child: 'not needed' | 'missing' | 'here';
  },
): Html {
  const words = MATTERS[language];
  const choice = new URLSearchParams(facts.query);
  return html`<h1>${words.confirmTitle}</h1>
<p class="lead">${words.confirmLead}</p>
${facts.child === 'here' ? html`<p class="good" role="status" tabindex="-1" autofocus>${words.childHere}</p>` : ''}
<blockquote class="exact">${facts.text}</blockquote>
${
  facts.child === 'missing'
    ? html`<p>${words.bothNeeded}</p><p class="actions"><a class="button first" href="/${language}/child">${words.childSignIn}</a></p>`
    : html`<form method="post" action="/${language}/consents/agree?${choice.toString()}">
<input type="hidden" name="csrf" value="${facts.csrf}">
<input type="hidden" name="form" value="${facts.form}">
${facts.fieldIds.map((id) => html`<input type="hidden" name="field" value="${id}">`)}
<input type="hidden" name="days" value="${facts.days}">
<input type="hidden" name="text" value="${facts.text}">
<p>${fill(words.signedInUntil, { time: minute(Math.floor(facts.endsAt / 1000)) })}</p>
<p class="actions"><button class="first">${words.agree}</button>
<button name="change" value="yes" formaction="/${language}/consents/new?${choice.toString()}">${words.change}</button>
<a class="button" href="/${language}/consents">${words.notNow}</a></p>
</form>`
}`;
}

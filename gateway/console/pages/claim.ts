import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import { pathOf, VOCABULARY } from '../../fields/vocabulary.ts';
import type { Html } from '../visit.ts';
import { CLAIMS } from '../words/decisions.ts';
import { fieldName } from '../words/fields.ts';
import { MATTERS } from '../words/matters.ts';

/** What may be asked of the register, as addresses name it. */
export const CLAIM_NAMES = ['provision', 'correction', 'deletion'] as const;
export type ClaimName = (typeof CLAIM_NAMES)[number];

/** Said instead of fields: everything. */
export const ALL = 'all';
export type ClaimChoice = typeof ALL | readonly number[];

/**
 * Which information, and what follows. Nothing is chosen beforehand, what the person chose is there again when the page is shown
 * again, and no value is written here.
 */
export function claimPage(
  language: Language,
  what: ClaimName,
  {
    csrf,
    form,
    chosen,
    problem,
  }: {
    readonly csrf: string;
    readonly form: string;
    readonly chosen: ClaimChoice;
    readonly problem: boolean;
  },
): Html {
  const words = CLAIMS[language];
  // A copy is of all there is: nothing is chosen, and this page is the one that asks before it is sent.
  const isWhole = what === 'provision';
  return html`<h1>${words[what]}</h1>
<p class="lead">${words[`${what}Lead`]}</p>
<p>${words[`${what}Effect`]}</p>
${problem ? html`<p class="error" role="alert" id="problem" tabindex="-1" autofocus>${words.choose}</p>` : ''}
<form method="post" action="/${language}/matters/new/${what}${isWhole ? '/send' : ''}">
<input type="hidden" name="csrf" value="${csrf}">
${
  isWhole
    ? html`<input type="hidden" name="form" value="${form}">`
    : html`<fieldset ${problem ? html`aria-describedby="problem"` : ''}>
<legend>${words.which}</legend>
${what === 'deletion' ? html`<label class="choice"><input type="checkbox" name="field" value="${ALL}" ${chosen === ALL ? 'checked' : ''}> <span>${words.everything}</span></label>` : ''}
${VOCABULARY.fields.map(
  ({ id }) =>
    html`<label class="choice"><input type="checkbox" name="field" value="${id}" ${chosen !== ALL && chosen.includes(id) ? 'checked' : ''}> <span>${fieldName(pathOf(id), language)}</span></label>`,
)}
</fieldset>`
}
<p class="actions"><button class="first">${isWhole ? words.send : words.read}</button>
<a class="button" href="/${language}/matters">${MATTERS[language].keep}</a></p>
</form>`;
}

/** What was chosen, before it is sent. */
export function confirmClaimPage(
  language: Language,
  what: ClaimName,
  facts: { readonly csrf: string; readonly form: string; readonly chosen: ClaimChoice },
): Html {
  const words = CLAIMS[language];
  const { csrf, form, chosen } = facts;
  const ids = chosen === ALL ? [ALL] : chosen;
  const names = chosen === ALL ? [words.everything] : chosen.map((id) => fieldName(pathOf(id), language));
  return html`<h1>${words[what]}</h1>
<p class="lead">${words.confirm}</p>
<dl class="card"><dt>${words.about}</dt><dd><ul>${names.map((name) => html`<li>${name}</li>`)}</ul></dd></dl>
<p>${words[`${what}Effect`]}</p>
<form method="post" action="/${language}/matters/new/${what}/send">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="form" value="${form}">
${ids.map((id) => html`<input type="hidden" name="field" value="${id}">`)}
<p class="actions"><button class="${what === 'deletion' ? 'stop' : 'first'}">${words.send}</button>
<button name="change" value="yes" formaction="/${language}/matters/new/${what}">${words.change}</button>
<a class="button" href="/${language}/matters">${MATTERS[language].keep}</a></p>
</form>`;
}

/** Where each is asked for. */
export function claimLinks(language: Language): Html {
  const words = CLAIMS[language];
  return html`<h2>${words.ask}</h2>
<p class="actions">${CLAIM_NAMES.map(
    (what) => html`<a class="button" href="/${language}/matters/new/${what}">${words[what]}</a> `,
  )}</p>`;
}

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

/** Which information, and what follows. Nothing is chosen beforehand, and no value is written here. */
export function claimPage(
  language: Language,
  what: ClaimName,
  { csrf, problem }: { readonly csrf: string; readonly problem: boolean },
): Html {
  const words = CLAIMS[language];
  return html`<h1>${words[what]}</h1>
<p class="lead">${words[`${what}Lead`]}</p>
<p>${words[`${what}Effect`]}</p>
${problem ? html`<p class="error" role="alert" id="problem">${words.choose}</p>` : ''}
<form method="post" action="/${language}/matters/new/${what}">
<input type="hidden" name="csrf" value="${csrf}">
${
  what === 'provision'
    ? ''
    : html`<fieldset ${problem ? html`aria-describedby="problem"` : ''}>
<legend>${words.which}</legend>
${VOCABULARY.fields.map(
  ({ id }) =>
    html`<label class="choice"><input type="checkbox" name="field" value="${id}"> <span>${fieldName(pathOf(id), language)}</span></label>`,
)}
</fieldset>`
}
<p class="actions"><button class="first">${words.send}</button>
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

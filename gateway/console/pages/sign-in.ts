import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Eid } from '../eid.ts';
import type { Html } from '../visit.ts';
import { FRAME } from '../words/frame.ts';
import { MATTERS } from '../words/matters.ts';

/** What is wrong with a sign-in: with the number, with its absence, or with who it is of. */
export type SignInProblem = 'numberWrong' | 'unknownPerson' | 'nobodyChosen' | 'otherPerson';

/** Signing in through the e-ID of a development deployment: one picks who one is. */
export function signInPage(
  language: Language,
  facts: {
    readonly eid: Eid;
    readonly csrf: string;
    readonly problem: SignInProblem | undefined;
    /** Whether something was pressed when an earlier sign-in was over. */
    readonly afterEnd: boolean;
    /** Where the form goes: the person's own sign-in, or that of a child beside the representative. */
    readonly action: '/sign-in' | '/child';
    /** What the child agrees to beside the representative. */
    readonly text: string | undefined;
  },
): Html {
  const words = FRAME[language];
  const { eid, text } = facts;
  const { people } = eid;
  const told = facts.problem === undefined ? '' : html`aria-describedby="problem"`;
  // Where nothing was chosen, or somebody else was, the number is not what is wrong.
  const isOfNumber = facts.problem === 'numberWrong' || facts.problem === 'unknownPerson';
  return html`<h1>${words.signInTitle}</h1>
${facts.afterEnd ? html`<p class="warning" role="alert" tabindex="-1" autofocus>${words.endedText}</p>` : ''}
<p class="lead">${words.signInLead}</p>
${text === undefined ? '' : html`<p>${MATTERS[language].childReads}</p><blockquote class="exact">${text}</blockquote>`}
${facts.problem === undefined ? '' : html`<p class="error" role="alert" id="problem" tabindex="-1" autofocus>${words[facts.problem]}</p>`}
<form method="post" action="/${language}${facts.action}" data-key="${facts.action === '/child' ? 'beside' : 'alone'}">
<input type="hidden" name="csrf" value="${facts.csrf}">
<input type="hidden" name="jwk" value="">
${text === undefined ? '' : html`<input type="hidden" name="text" value="${text}">`}
${
  people.length === 0
    ? ''
    : html`<fieldset ${isOfNumber ? '' : told}>
<legend>${words.choose}</legend>
${people.map(
  ({ name, personalId }, at) =>
    html`<label class="choice"><input type="radio" name="person" value="${at}"> <span>${name} <span class="small">${personalId}</span></span></label>`,
)}
</fieldset>`
}
<p><label class="above" for="number">${words.number}</label>
<input type="text" id="number" name="number" inputmode="numeric" autocomplete="off" maxlength="12" ${isOfNumber ? html`aria-invalid="true"` : ''} ${told}></p>
<p class="small" data-with-script="yes" hidden>${words.keyBrowser}</p>
<p class="small" data-with-script="no">${words.keyHere}</p>
<p class="actions"><button class="first">${words.signIn}</button></p>
</form>`;
}

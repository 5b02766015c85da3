import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { PendingActs } from '../pending-acts.ts';
import type { Html } from '../visit.ts';
import { FRAME } from '../words/frame.ts';

/** The page between a request and its answer: the browser signs by its own key and sends the signatures. */
export function signingPage(
  { id, wanted }: PendingActs,
  { language, csrf }: { readonly language: Language; readonly csrf: string },
): Html {
  const words = FRAME[language];
  return html`<h1>${words.signing}</h1>
<p class="lead">${words.signingText} <span class="goes-on">${words.signingGoesOn}</span></p>
<noscript><p class="warning" role="alert">${words.noScript} <a href="/${language}/sign-in">${words.signIn}</a></p></noscript>
<p class="warning late goes-on">${words.signingLate} <a href="/${language}/sign-in">${words.signIn}</a></p>
<p class="warning" role="alert" id="failed" hidden>${words.signingFailed} <a href="/${language}/sign-in">${words.signIn}</a></p>
<form method="post" action="/${language}/signed" id="acts">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="pending" value="${id}">
${wanted
  .filter(({ held }) => held === 'browser')
  .map(
    ({ kid, aud, iat, mth, act }) =>
      html`<input type="hidden" name="token" data-kid="${kid}" data-aud="${aud}" data-iat="${iat}" data-mth="${mth}" data-act="${act}">`,
  )}
<button type="button" class="first" id="sign" hidden>${words.signingNow}</button>
</form>`;
}

import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { LogTrust } from '../log-trust.ts';
import type { Html } from '../visit.ts';
import { ACCESSES } from '../words/accesses.ts';
import { fill } from '../words/fill.ts';

const SAID = [
  'holds',
  'differs',
  'faultFORMAT',
  'faultHEAD',
  'faultWITNESSES',
  'faultENTRY',
  'faultPERSON',
  'faultCHECK',
] as const;

/** The keys that proofs are checked by, to be compared with what is published; and the script's sentences. */
export function trustPart(language: Language, { origin, keys }: LogTrust): Html {
  const words = ACCESSES[language];
  return html`<details class="trust" id="log" data-origin="${origin}">
<summary>${fill(words.logKey, { origin })}</summary>
<p class="small">${words.logKeyText}</p>
<ul>${keys.map(({ kid, der }) => html`<li data-key="${der}"><code>${kid}</code></li>`)}</ul>
</details>
<ul hidden id="said">${SAID.map((name) => html`<li data-name="${name}">${words[name]}</li>`)}</ul>`;
}

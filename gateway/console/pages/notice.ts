import { html } from 'hono/html';
import type { Html } from '../visit.ts';

/** A page of one message, with the way on. */
export function noticePage(
  title: string,
  text: string,
  way: { readonly href: string; readonly text: string },
  more?: string,
): Html {
  return html`<h1>${title}</h1>
<p class="lead">${text}</p>
${more === undefined ? '' : html`<p class="small">${more}</p>`}
<p><a class="button" href="${way.href}">${way.text}</a></p>`;
}

import { html } from 'hono/html';
import type { Html } from '../visit.ts';

interface Way {
  readonly href: string;
  readonly text: string;
}

/** A page of one message, with the ways on. */
export function noticePage(title: string, text: string, ways: readonly Way[], more?: string): Html {
  return html`<h1>${title}</h1>
<p class="lead">${text}</p>
${more === undefined ? '' : html`<p class="small">${more}</p>`}
<p class="actions">${ways.map(({ href, text }) => html`<a class="button" href="${href}">${text}</a> `)}</p>`;
}

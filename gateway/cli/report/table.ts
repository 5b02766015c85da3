import { type Html, html } from './html.ts';

export type Head = { readonly title: string; readonly number?: boolean };

/**
 * A table in a box that scrolls by itself where it is too wide, and that the keyboard reaches. The first cell of a row is
 * its header.
 */
export function dataTable(
  caption: string,
  heads: readonly Head[],
  rows: readonly (readonly (string | Html)[])[],
  marked: (row: readonly (string | Html)[]) => boolean = () => false,
): Html {
  const kind = (at: number): string => (heads[at]?.number === true ? 'n' : 'code');
  const cell = (value: string | Html, at: number): Html =>
    at === 0 ? html`<th scope="row" class="${kind(at)}">${value}</th>` : html`<td class="${kind(at)}">${value}</td>`;
  const line = (row: readonly (string | Html)[]): Html =>
    html`<tr${marked(row) ? html` class="stop"` : ''}>${row.map(cell)}</tr>\n`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${heads.map(({ title }, at) => html`<th scope="col" class="${kind(at)}">${title}</th>`)}</tr></thead>
<tbody>
${rows.map(line)}</tbody>
</table>
</div>`;
}

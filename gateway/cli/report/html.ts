import { createHash } from 'node:crypto';

/** HTML that is safe to stand in a page. Made by {@link html} alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that a browser shows and does not interpret, in elements and in quoted attributes; what cannot be seen is a sign. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** A template whose every part is escaped unless it is {@link Html} already. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let out = '';
  texts.forEach((text, at) => {
    out += text;
    if (at < parts.length) out += textOf(parts[at] ?? '');
  });
  return new Html(out);
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(textOf).join('') : escapeHtml(String(part));
}

/**
 * A whole page that can ask for nothing: the policy allows the one style that it carries, by its digest, and pictures
 * that stand in it. No script, no frame, no form, no address of elsewhere.
 */
export function wholePage({
  language,
  title,
  style,
  body,
}: {
  readonly language: string;
  readonly title: string;
  readonly style: string;
  readonly body: Html;
}): string {
  const digest = createHash('sha256').update(style, 'utf8').digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

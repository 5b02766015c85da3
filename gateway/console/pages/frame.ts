import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Session } from '../session.ts';
import type { Html } from '../visit.ts';
import { fill, lastDigits } from '../words/fill.ts';
import { FRAME } from '../words/frame.ts';

export interface FrameFacts {
  readonly language: Language;
  /** Path that the language switch leads to, without the language. */
  readonly other: string;
  readonly session: Session | undefined;
  readonly development: boolean;
}

export interface Content {
  readonly title: string;
  readonly body: Html;
  /** Modules of `browser/`, by name. */
  readonly scripts: readonly string[];
}

/** A whole page. */
export function frame({ language, other, session, development }: FrameFacts, content: Content): Html {
  const words = FRAME[language];
  const switchTo = language === 'vi' ? 'en' : 'vi';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${content.title} – ${words.brand}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${content.scripts.map((name) => html`<script type="module" src="/assets/console/browser/${name}.ts"></script>`)}
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header>
<div class="top">
<div class="wide">
<a class="brand" href="/${language}/"><span class="mark" aria-hidden="true"></span><span><b>${words.brand}</b> <span class="service">${words.service}</span></span></a>
<a class="language" href="/${switchTo}${other}" lang="${switchTo}" hreflang="${switchTo}">${words.otherLanguage}</a>
</div>
</div>
${session?.person === undefined ? '' : menu(language, session, other.split('?')[0] ?? '')}
</header>
<main id="main" class="wide" tabindex="-1">
${development ? html`<p class="development" role="note">${words.development}</p>` : ''}
${isKeyHere(session) ? html`<p class="warning" role="note">${words.keyHere}</p>` : ''}
${content.body}
</main>
<footer>
<div class="wide">
<p>${words.footer}</p>
<p>${words.law}</p>
</div>
</footer>
</body>
</html>
`;
}

/** Whether this process could act for those who are signed in. A browser that runs scripts may keep no keys all the same. */
function isKeyHere(session: Session | undefined): boolean {
  return [session?.person, session?.second?.person].some((each) => each?.key.held === 'here');
}

function menu(language: Language, { person, about, csrf }: Session, current: string): Html {
  const words = FRAME[language];
  const items = [
    ['/', words.home],
    ['/consents', words.consents],
    ['/accesses', words.accesses],
    ['/matters', words.matters],
  ] as const;
  const represented = about === undefined ? undefined : person?.about.represented[about];
  return html`<div class="menu">
<div class="wide">
<nav aria-label="${words.menu}">
<ul>${items.map(([path, text]) => html`<li><a href="/${language}${path}" ${path === current ? html`aria-current="page"` : ''}>${text}</a></li>`)}</ul>
</nav>
<form method="post" action="/${language}/sign-out" class="who">
<input type="hidden" name="csrf" value="${csrf}">
<span>${fill(words.signedInAs, { id: lastDigits(person?.about.personalId ?? '') })}</span>
<button class="quiet">${words.signOut}</button>
</form>
</div>
${
  represented === undefined
    ? ''
    : html`<p class="about"><span class="wide">${fill(words.about, { id: lastDigits(represented.personalId) })}</span></p>`
}
</div>`;
}

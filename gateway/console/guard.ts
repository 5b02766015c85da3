import type { Context, MiddlewareHandler } from 'hono';

/**
 * What a browser may do with a page: nothing but show it, with styles, scripts and forms of this very server. No script or style
 * inside a page, no frame, no address of elsewhere, no request by a script.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not "no-referrer": a form would then be sent with the origin "null", and its origin is looked at.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'X-Robots-Tag': 'noindex',
};

/** Headers on every answer, refusals included. */
export const secureAnswers: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  // Pages are about one person: nothing of them stays in the browser's store. Scripts and styles say otherwise themselves.
  if (context.res.headers.get('Cache-Control') === null) context.header('Cache-Control', 'no-store');
};

/** Calls the address that it stands under once more, as this server's own page: with the cookie. No script is needed. */
const AGAIN = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0">
<title>Liên Thông</title>
</head>
<body>
<p><a href="">Tiếp tục</a> – <a href="" lang="en">Continue</a></p>
</body>
</html>
`;

/**
 * Whether a page of elsewhere leads here. The browser leaves the cookie out then (SameSite=Strict), which is not to be taken for
 * somebody who is signed out: a link of a bank, or of anybody, would end their session and have their key forgotten.
 */
function isLinkOfElsewhere({ req }: Context): boolean {
  return req.header('sec-fetch-site') === 'cross-site' && !req.path.startsWith('/assets/');
}

/**
 * Takes a request only under a name that this server was given (a name of elsewhere that was made to point here is refused), and
 * a form only from a page of its own. A link of elsewhere is followed by a page of its own.
 */
export function ownRequests(origins: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    const host = context.req.header('host') ?? '';
    if (!origins.some((origin) => new URL(origin).host === host)) return context.text('421 Misdirected Request\n', 421);
    if (method === 'GET' && isLinkOfElsewhere(context)) return context.html(AGAIN);
    if (method === 'GET' || method === 'HEAD') return next();
    if (method !== 'POST') return context.text('405 Method Not Allowed\n', 405, { Allow: 'GET, HEAD, POST' });
    const site = context.req.header('sec-fetch-site') ?? 'same-origin';
    if (!origins.includes(context.req.header('origin') ?? '') || site !== 'same-origin') {
      return context.text('403 Forbidden\n', 403);
    }
    return next();
  };
}

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import type { Language } from '../../connectors/kit/messages.ts';
import type { Asset } from './assets.ts';
import { ownRequests, secureAnswers } from './guard.ts';
import { accessRoutes } from './routes/accesses.ts';
import { claimRoutes } from './routes/claims.ts';
import { consentRoutes } from './routes/consents.ts';
import { grantRoutes } from './routes/grant.ts';
import { matterRoutes } from './routes/matters.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { cookieName, notice, type Parts, type Routes } from './visit.ts';

/** Forms hold a few signatures; a grant's act is the longest. */
const FORM_BYTES = 64 * 1024;
const LANGUAGES: readonly Language[] = ['vi', 'en'];

const ROUTES: readonly Routes[] = [signInRoutes, consentRoutes, grantRoutes, claimRoutes, matterRoutes, accessRoutes];

/**
 * The citizen's pages.
 *
 * @param origins under which browsers reach this server, for example `http://localhost:7480`
 */
export function createApp(
  parts: Parts,
  { assets, origins }: { readonly assets: ReadonlyMap<string, Asset>; readonly origins: readonly string[] },
): Hono {
  const app = new Hono();
  app.use(
    secureAnswers,
    ownRequests(origins),
    bodyLimit({ maxSize: FORM_BYTES, onError: (context) => context.text('413 Content Too Large\n', 413) }),
  );
  app.get('/assets/*', (context) => {
    const asset = assets.get(context.req.path.slice('/assets/'.length));
    if (asset === undefined) return context.text('404 Not Found\n', 404);
    return context.body(asset.body, 200, { 'Content-Type': asset.type, 'Cache-Control': 'no-cache' });
  });
  app.get('/', (context) => {
    const wanted = /^en\b/i.test(context.req.header('accept-language') ?? '') ? 'en' : 'vi';
    return context.redirect(`/${wanted}/`, 303);
  });

  const cookie = cookieName(parts.secure);
  for (const language of LANGUAGES) {
    for (const routes of ROUTES) {
      routes((method, path, handler) => {
        app.on(method, `/${language}${path}`, async (context) => {
          const session = parts.sessions.find(getCookie(context, cookie));
          return handler({ parts, context, language, session });
        });
      });
    }
  }
  app.notFound((context) => {
    const language = context.req.path.startsWith('/en') ? 'en' : 'vi';
    const session = parts.sessions.find(getCookie(context, cookie));
    return notice({ parts, context, language, session }, 'notFound');
  });
  // Nothing of an error is shown or written: it could quote what somebody typed.
  app.onError((_error, context) => context.text('500 Internal Server Error\n', 500));
  return app;
}

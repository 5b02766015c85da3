/** A browser without script, for tests of the pages. */
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { AN, createSample, type Sample } from './sample.test-support.ts';

export const ORIGIN = 'http://localhost:7480';
export const REQUEST = '/vi/consents/new?recipient=bank-demo&purpose=account-opening&fields=2.3&days=90&uses=5';
/** What is chosen of it. */
export const CHOICE = [
  ['field', '2'],
  ['days', '30'],
] as const;
export const assets = await loadAssets();

/** A browser that runs no script: keeps cookies, follows redirects, sends the forms of the page it is on. */
export function browse(sample: Sample = createSample()) {
  const app = createApp(sample.parts, { assets, origins: [ORIGIN] });
  const self = { sample, cookie: '', path: '', status: 0, text: '', places: [] as string[], visit, submit, send };

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { host: 'localhost:7480', cookie: self.cookie, ...(init.headers as Record<string, string>) };
    return app.request(`${ORIGIN}${path}`, { ...init, headers });
  }
  async function visit(path: string, init?: RequestInit): Promise<typeof self> {
    const answer = await send(path, init);
    const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (cookie !== undefined && cookie !== '') self.cookie = cookie;
    const to = answer.headers.get('location');
    if (to !== null) {
      self.places.push(to);
      return visit(to);
    }
    Object.assign(self, { path, status: answer.status, text: await answer.text() });
    return self;
  }
  /** Sends the form whose address ends so, with its hidden fields and these. */
  async function submit(action: string, fields: readonly (readonly [string, string])[] = []): Promise<typeof self> {
    const found = [...self.text.matchAll(/<form method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs)];
    const form = found.find(([, to = '']) => plain(to).includes(action));
    const body = new URLSearchParams();
    for (const [, name = '', value = ''] of (form?.[2] ?? '').matchAll(
      /<input type="hidden" name="(\w+)" value="([^"]*)"/g,
    )) {
      body.append(name, plain(value));
    }
    for (const [name, value] of fields) body.append(name, value);
    return visit(plain(form?.[1] ?? 'no such form'), { method: 'POST', body, headers: { origin: ORIGIN } });
  }
  return self;
}
export const plain = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");

/** Signed in as the first person of the sample, on their first page. */
export async function signedIn(sample?: Sample) {
  const page = browse(sample);
  await page.visit('/vi/sign-in');
  await page.submit('/sign-in', [['number', AN]]);
  if (!page.text.includes('0017')) throw new Error('nobody is signed in');
  return page;
}

/** Follows the link, chooses one field and agrees. */
export async function consent(page: ReturnType<typeof browse>) {
  await page.visit(REQUEST);
  await page.submit('/consents/new', CHOICE);
  await page.submit('/consents/agree');
}

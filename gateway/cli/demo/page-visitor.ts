/** Somebody with a browser that runs no script: keeps the cookie, follows where it is sent, sends the forms it is shown. */
export interface PageVisitor {
  /** Text of the page it is on. */
  text(): string;
  /** The first address on the page that fits. */
  link(pattern: RegExp): string;
  open(path: string): Promise<void>;
  /** Sends the form whose address holds `action`, with its hidden fields and these. Throws where there is none. */
  send(action: string, fields?: readonly (readonly [name: string, value: string])[]): Promise<void>;
  download(path: string): Promise<Uint8Array>;
}

const FORM = /<form method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs;
const HIDDEN = /<input type="hidden" name="(\w+)" value="([^"]*)"/g;

/** @param origin of the pages, without a slash at its end */
export function createPageVisitor(origin: string): PageVisitor {
  let [cookie, page] = ['', ''];

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie, ...(init.headers as Record<string, string> | undefined) };
    const answer = await fetch(`${origin}${path}`, { ...init, headers, redirect: 'manual' });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const to = answer.headers.get('location');
    return to === null ? answer : request(to);
  }

  async function show(path: string, init?: RequestInit): Promise<void> {
    const answer = await request(path, init);
    page = await answer.text();
    if (!answer.ok) throw new Error(`the page ${path.split('?')[0]} answered ${answer.status}`);
  }

  return {
    text: () => page,
    link(pattern) {
      const found = [...page.matchAll(/href="([^"]+)"/g)]
        .map(([, to = '']) => plain(to))
        .find((to) => pattern.test(to));
      if (found === undefined) throw new Error(`the page has no link like ${pattern}`);
      return found;
    },
    open: (path) => show(path),
    async send(action, fields = []) {
      const [, to, inner = ''] = [...page.matchAll(FORM)].find(([, each = '']) => plain(each).includes(action)) ?? [];
      if (to === undefined) throw new Error(`the page has no form for ${action}`);
      const body = new URLSearchParams();
      for (const [, name = '', value = ''] of inner.matchAll(HIDDEN)) body.append(name, plain(value));
      for (const [name, value] of fields) body.append(name, value);
      await show(plain(to), { method: 'POST', body, headers: { origin } });
    },
    download: async (path) => new Uint8Array(await (await request(path)).arrayBuffer()),
  };
}

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

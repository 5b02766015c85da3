import { describe, expect, test } from 'vitest';
import { type browse, CHOICE, consent, ORIGIN, plain, REQUEST, signedIn } from './browse.test-support.ts';

type Page = ReturnType<typeof browse>;

/** Presses the button of a form of this page so often at once; gives where each was led. */
async function press(page: Page, action: string, times: number): Promise<(string | null)[]> {
  const forms = [...page.text.matchAll(/<form method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs)];
  const [, to = '', inner = ''] = forms.find(([, each = '']) => plain(each).includes(action)) ?? [];
  const hidden = [...inner.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const fields = hidden.map(([, name = '', value = '']): [string, string] => [name, plain(value)]);
  const send = () => {
    const body = new URLSearchParams(fields);
    return page.send(plain(to), { method: 'POST', body, headers: { origin: ORIGIN } });
  };
  const answers = await Promise.all(Array.from({ length: times }, send));
  answers.push(await send());
  return answers.map(({ headers }) => headers.get('location'));
}

describe('a button that is pressed several times', () => {
  test('agrees once, and each press leads to what came of it', async () => {
    const page = await signedIn();
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    expect(await press(page, '/consents/agree', 3)).toEqual(Array(4).fill('/vi/consents'));
    expect(page.sample.consents).toHaveLength(1);
  });

  test('withdraws once, and each press leads to the receipt', async () => {
    const page = await signedIn();
    await consent(page);
    await page.visit(/href="(\/vi\/consents\/[\w-]+\/withdraw)"/.exec(page.text)?.[1] ?? '');
    const led = await press(page, '/withdraw', 2);
    expect(page.sample.receipts).toHaveLength(1);
    expect(new Set(led).size).toBe(1);
    expect(led[0]).toMatch(/^\/vi\/matters\//);
  });

  test('objects to a line once', async () => {
    const page = await signedIn();
    await page.visit('/vi/accesses');
    await page.visit(`${/href="(\/vi\/accesses\/[\w-]{22})"/.exec(page.text)?.[1]}/object`);
    await press(page, '/object', 2);
    expect(page.sample.receipts).toHaveLength(1);
  });

  test('asks for deletion once, after what was chosen was shown; choosing nothing asks for nothing', async () => {
    const page = await signedIn();
    await page.visit('/vi/matters/new/deletion');
    await page.submit('/matters/new/deletion');
    expect([page.status, page.sample.receipts.length]).toEqual([400, 0]);
    await page.submit('/matters/new/deletion', [['field', 'all']]);
    expect(page.text).toContain('<li>Mọi thông tin đang có về bạn</li>');
    expect(page.sample.receipts).toHaveLength(0);
    await press(page, '/matters/new/deletion/send', 2);
    expect(page.sample.receipts.map(({ fields }) => fields?.paths)).toEqual([[]]);
  });

  test('does it again where the form was shown again', async () => {
    const page = await signedIn();
    for (const count of [1, 2]) {
      await consent(page);
      expect(page.sample.consents).toHaveLength(count);
    }
  });

  test('a form without a name of its own does nothing', async () => {
    const page = await signedIn();
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    page.text = page.text.replace('name="form"', 'name="other"');
    await page.submit('/consents/agree');
    expect([page.status, page.sample.consents]).toEqual([409, []]);
  });
});

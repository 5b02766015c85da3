import { describe, expect, test } from 'vitest';
import { browse, CHOICE, consent, REQUEST, signedIn } from './browse.test-support.ts';
import { AN, createSample } from './sample.test-support.ts';

const titleOf = ({ text }: { readonly text: string }) => /<title>(.*?) – Liên Thông<\/title>/.exec(text)?.[1];
/** What a page puts the focus on. */
const focusOf = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/<p [^>]*tabindex="-1" autofocus>(.*?)<\/p>/gs)].map(([, told]) => told);

describe('what came of a form', () => {
  test('a mistake has the focus, and the title says that it is one', async () => {
    const page = browse();
    await page.visit('/vi/sign-in');
    expect([titleOf(page), focusOf(page)]).toEqual(['Đăng nhập bằng định danh điện tử', []]);
    await page.submit('/sign-in');
    expect(titleOf(page)).toBe('Lỗi: Đăng nhập bằng định danh điện tử');
    expect(focusOf(page)).toEqual(['Hãy chọn một người hoặc nhập số.']);
    expect(page.text, 'no number is wrong where none was written').not.toContain('aria-invalid');
    expect(page.text).toMatch(/<fieldset aria-describedby="problem">/);
    await page.submit('/sign-in', [['number', '12']]);
    expect(page.text).toContain('aria-invalid="true" aria-describedby="problem"');
    await page.submit('/sign-in', [['number', AN]]);
    await page.visit(REQUEST.replace('/vi/', '/en/'));
    await page.submit('/consents/new');
    expect(titleOf(page)).toBe('Error: Somebody asks for your consent');
    expect(focusOf(page)).toEqual(['Choose at least one item of information.']);
    await page.visit('/vi/matters/new/correction');
    await page.submit('/matters/new/correction');
    expect([titleOf(page), focusOf(page)]).toEqual(['Lỗi: Yêu cầu đính chính', ['Hãy chọn ít nhất một thông tin.']]);
  });

  test('what was done has the focus, and a receipt’s title says of what it is', async () => {
    const page = await signedIn();
    await consent(page);
    expect(focusOf(page)).toHaveLength(1);
    await page.visit('/vi/consents');
    expect(focusOf(page), 'once').toEqual([]);
    await page.visit(/href="(\/vi\/consents\/[\w-]+\/restrict)"/.exec(page.text)?.[1] ?? '');
    await page.submit('/restrict');
    expect([titleOf(page), focusOf(page).length]).toEqual(['Biên nhận: Hạn chế xử lý', 1]);
  });

  test('somebody who is not this child is told so, and not that nobody knows them', async () => {
    const page = await signedIn(createSample({ people: [AN, '902190000025'] }));
    await page.submit('/about', [['about', '0']]);
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    await page.visit('/vi/child');
    await page.submit('/child', [['number', '902190000025']]);
    expect(focusOf(page)).toEqual(['Người vừa đăng nhập không phải trẻ đang được xem. Hãy để đúng trẻ đó đăng nhập.']);
  });
});

/**
 * Signs what a form asks for and sends it. All that is ever signed here is a token of type `lt-act+jws` over bytes that stand in the
 * page, whose digest is computed here.
 */
import { base64url, findKey, fromBase64url, sha256, sign } from './keys.ts';

const form = document.querySelector<HTMLFormElement>('#acts');
const failed = document.querySelector<HTMLElement>('#failed');
const button = document.querySelector<HTMLElement>('#sign');
const goesOn = document.querySelectorAll<HTMLElement>('.goes-on');

async function signOne(field: HTMLInputElement): Promise<void> {
  const { kid = '', aud = '', iat = '', mth = '', act = '' } = field.dataset;
  const key = await findKey(kid);
  if (key === undefined) throw new Error('no key');
  const header = { alg: 'ES256', kid, typ: 'lt-act+jws' };
  const claims = {
    iss: 'person',
    aud,
    iat: Number(iat),
    jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
    dig: base64url(await sha256(fromBase64url(act))),
    mth,
  };
  const input = [header, claims].map((part) => base64url(new TextEncoder().encode(JSON.stringify(part)))).join('.');
  field.value = `${input}.${await sign(key, input)}`;
}

async function signAll(): Promise<void> {
  if (form === null) return;
  try {
    for (const field of form.querySelectorAll<HTMLInputElement>('input[name="token"]')) await signOne(field);
    form.submit();
  } catch {
    if (failed !== null) failed.hidden = false;
  }
}

/** Waits for the person: whoever comes back to this page wants to go further back, and not to be sent on once more. */
function offer(): void {
  for (const each of goesOn) each.hidden = true;
  if (button !== null) button.hidden = false;
}

button?.addEventListener('click', () => void signAll());
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) offer();
});
const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
// Not awaited: browsers that are a few years old wait nowhere but in a function.
if (navigation?.type === 'back_forward') offer();
else void signAll();

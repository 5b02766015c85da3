/** Makes the session's key in this browser and sends its public half with the form. Without this script the server makes one. */
import { makeKey } from './keys.ts';

const form = document.querySelector<HTMLFormElement>('form[data-key]');
const field = form?.querySelector<HTMLInputElement>('input[name="jwk"]');

for (const each of document.querySelectorAll<HTMLElement>('[data-with-script]')) {
  each.hidden = each.dataset.withScript !== 'yes';
}

form?.addEventListener('submit', (event) => {
  if (field === null || field === undefined || field.value !== '') return;
  event.preventDefault();
  makeKey({ beside: form.dataset.key === 'beside' })
    .then((jwk) => {
      field.value = JSON.stringify(jwk);
    })
    // A browser that keeps no keys (some private windows): the server makes one, and the next page says so.
    .catch(() => undefined)
    .finally(() => form.submit());
});
// Coming back to this page: a key is made for one sign-in.
window.addEventListener('pageshow', () => {
  if (field !== null && field !== undefined) field.value = '';
});

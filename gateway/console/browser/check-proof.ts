/** Checks the proofs of a page here, by the log's keys alone, and holds each against what its line says. */
import { fitsLine } from '../../proof/browser/as-line.ts';
import { type AccessCheck, checkAccessProof, type LogTrust } from '../../proof/browser/check-access.ts';
import { base64url, fromBase64url } from './keys.ts';

const log = document.querySelector<HTMLElement>('#log');
const trust: LogTrust = {
  origin: log?.dataset.origin ?? '',
  logKeys: [...(log?.querySelectorAll<HTMLElement>('[data-key]') ?? [])].map(({ dataset }) =>
    fromBase64url(dataset.key ?? ''),
  ),
};

/** A sentence of the page, with facts. */
function said(name: string, facts: Readonly<Record<string, number>> = {}): string {
  const text = document.querySelector(`#said [data-name="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, fact: string) => String(facts[fact] ?? whole));
}

function sentence(check: AccessCheck, line: DOMStringMap): { readonly good: boolean; readonly text: string } {
  if (!check.holds) return { good: false, text: said(`fault${check.fault}`) };
  const { access } = check;
  const same =
    base64url(access.entryId) === line.entry &&
    access.agency === line.agency &&
    access.purpose === line.purpose &&
    String(access.timeMs) === line.time &&
    fitsLine(access, line);
  if (!same) return { good: false, text: said('differs') };
  const { index, head } = access;
  return { good: true, text: said('holds', { index, size: head.size, witnesses: head.witnesses.length }) };
}

async function look({ dataset }: HTMLButtonElement): Promise<ReturnType<typeof sentence>> {
  try {
    // Browsers give it to pages that came by https or from this machine alone.
    if (crypto.subtle === undefined) throw new Error('no cryptography');
    return sentence(await checkAccessProof(fromBase64url(dataset.proof ?? ''), trust), dataset);
  } catch {
    return { good: false, text: said('faultCHECK') };
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-proof]')) {
  const result = button.closest('.card')?.querySelector<HTMLElement>('.result');
  if (result === null || result === undefined) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    // What was found before is not what is found now; emptied first and for a moment, the same sentence is read aloud again.
    result.className = 'result';
    result.textContent = '';
    await new Promise((done) => setTimeout(done, 50));
    const { good, text } = await look(button);
    result.className = `result ${good ? 'good' : 'error'}`;
    result.textContent = text;
  });
}

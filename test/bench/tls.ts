/** Certificates of the yardsticks' servers and of the client that calls them, from a CA made for this run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestCa } from '../support/test-ca.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 24 * 3600 * 1000;

export async function writeTls(folder: string): Promise<{ readonly server: TlsFiles; readonly client: TlsFiles }> {
  const authority = await createTestCa('Bench CA');
  const ca = join(folder, 'bench-ca.pem');
  writeFileSync(ca, authority.ca);
  async function write(name: string): Promise<TlsFiles> {
    const { cert, key } = await authority.issue(name, { notAfter: new Date(Date.now() + DAY_MS) });
    const files = { ca, cert: join(folder, `bench-${name}.pem`), key: join(folder, `bench-${name}.key.pem`) };
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key, { mode: 0o600 });
    return files;
  }
  return { server: await write('server'), client: await write('client') };
}

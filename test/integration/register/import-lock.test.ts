/** One import at a time on a database, and the next one as soon as the first is over. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { AN, BINH, HEADER, importing } from './import-files.ts';

const now = importing();

test('two imports at once: one works, the other says so', async () => {
  const guard = await now.db.pool.connect();
  await guard.query('SELECT pg_advisory_lock(7815265155134484084)');
  await expect(now.importer.rows(AN)).rejects.toMatchObject({ reason: 'IMPORT_RUNNING' });
  guard.release(true);
});

/** What ends a session is the last that the server hears of: it comes long after whoever sent it went on. */
async function lateGoodbyes(url: string) {
  const sockets: Socket[] = [];
  const { hostname, port } = new URL(url);
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    const isGoodbye = (bytes: Buffer) => bytes.toString('latin1') === 'X\0\0\0\x04';
    near.on('data', (bytes: Buffer) => (isGoodbye(bytes) ? near.end() : far.write(bytes)));
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  };
  return { url: through.href, close };
}

test('an import right after another finds nothing locked, however late the server hears that the first is over', async () => {
  const { url, close } = await lateGoodbyes(now.db.url);
  try {
    expect((await now.importer.file(`${HEADER}\n${AN}\n`, { url })).created).toBe(1);
    expect((await now.importer.rows(AN, BINH)).created).toBe(1);
  } finally {
    close();
  }
});

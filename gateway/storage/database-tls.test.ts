/** The connection to a database over TLS, through a door that ends it before a real PostgreSQL. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createTestCa } from '../../test/support/test-ca.ts';
import { StorageError } from './errors.ts';
import { createPool } from './pool.ts';

const SSL_REQUEST_BYTES = 8;
const HOUR_MS = 3_600_000;

let db: TestDatabase;
let folder: string;
const doors: Server[] = [];
beforeAll(async () => {
  db = await createTestDatabase({ empty: true });
  folder = mkdtempSync(join(tmpdir(), 'lt-db-tls-'));
});
afterAll(async () => {
  for (const door of doors) door.close();
  rmSync(folder, { recursive: true, force: true });
  await db?.drop();
});

/** Takes the client's request for TLS, ends it, and hands what is inside to the database. */
async function openDoor(pem: { readonly cert: string | Buffer; readonly key: string | Buffer }): Promise<number> {
  const { hostname, port } = new URL(db.url);
  const door = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (request) => {
      expect(request.length).toBe(SSL_REQUEST_BYTES);
      socket.write('S');
      const inside = new TLSSocket(socket, { isServer: true, ...pem });
      const behind = connect(Number(port), hostname);
      for (const end of [inside, behind]) end.on('error', () => socket.destroy());
      inside.pipe(behind).pipe(inside);
    });
  });
  doors.push(door);
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return (door.address() as { port: number }).port;
}

async function ask(change: { readonly port?: number; readonly ca?: string }) {
  const url = new URL(db.url);
  url.hostname = 'localhost';
  if (change.port !== undefined) url.port = String(change.port);
  url.searchParams.set('sslmode', 'verify-full');
  if (change.ca !== undefined) url.searchParams.set('sslrootcert', change.ca);
  const pool = createPool({ url: url.toString(), max: 1, connectTimeoutMs: 5_000 });
  try {
    return (await pool.query('SELECT 1 AS one')).rows;
  } catch (error) {
    return error;
  } finally {
    await pool.end();
  }
}

test('is made where the certificate is believed, and is untrusted where it is not or where the server has none', async () => {
  const [ours, theirs] = [await createTestCa('Database CA'), await createTestCa('Somebody’s CA')];
  const caOf = (name: string, pem: string | Buffer) => {
    writeFileSync(join(folder, name), pem);
    return join(folder, name);
  };
  const [ca, other] = [caOf('ours.pem', ours.ca), caOf('theirs.pem', theirs.ca)];
  const soon = { notAfter: new Date(Date.now() + HOUR_MS) };
  const past = { notBefore: new Date(Date.now() - 2 * HOUR_MS), notAfter: new Date(Date.now() - HOUR_MS) };
  const port = await openDoor(await ours.issue('localhost', soon));
  expect(await ask({ port, ca })).toEqual([{ one: 1 }]);
  for (const untrusted of [
    { port, ca: other },
    { port },
    { port: await openDoor(await ours.issue('localhost', past)), ca },
    // The test's own database has no TLS.
    { ca },
  ]) {
    const error = await ask(untrusted);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'untrusted' });
  }
});

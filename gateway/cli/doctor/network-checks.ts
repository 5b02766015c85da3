import { lookup } from 'node:dns/promises';
import { createConnection, isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { type Check, type Found, failed, ok, unread, warning } from './finding.ts';
import { codeOf } from './machine-checks.ts';
import type { ProfileParts } from './profile-checks.ts';

const PATIENCE_MS = 5_000;
const DAY_MS = 86_400_000;
const SERVER_NEAR_DAYS = 14;

/** The way to the gateway: its name, a connection, and trust in both directions. */
export function networkChecks(parts: Partial<ProfileParts>, { now }: { now: () => Date }): Check[] {
  return [
    {
      name: 'name',
      needs: ['config'],
      async run() {
        const { host } = addressOf(parts);
        try {
          const found = await lookup(host, { all: true });
          return ok('NAME_OK', { host, addresses: found.map(({ address }) => address).join(', ') });
        } catch (error) {
          return failed('NAME_UNKNOWN', { host, code: codeOf(error) });
        }
      },
    },
    { name: 'reach', needs: ['config', 'name'], run: () => reach(addressOf(parts)) },
    {
      name: 'tls',
      needs: ['config', 'reach', 'key'],
      async run() {
        const missing = (['ca', 'certificate', 'key'] as const).find((member) => parts.bytes?.[member] === undefined);
        return missing === undefined ? shakeHands(parts, now()) : unread(missing);
      },
    },
  ];
}

function addressOf({ config }: Partial<ProfileParts>): { host: string; port: number } {
  const [host = '', port = ''] = String(config?.address).split(':');
  return { host, port: Number(port) };
}

function reach({ host, port }: { host: string; port: number }): Promise<Found> {
  const facts = { address: `${host}:${port}` };
  return new Promise((resolve) => {
    const from = performance.now();
    const socket = createConnection({ host, port, timeout: PATIENCE_MS });
    const end = (found: Found): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(ok('REACH_OK', { ...facts, ms: Math.ceil(performance.now() - from) })));
    socket.once('timeout', () => end(failed('REACH_SILENT', { ...facts, seconds: PATIENCE_MS / 1000 })));
    socket.on('error', (error) => end(failed('REACH_REFUSED', { ...facts, code: codeOf(error) })));
  });
}

/**
 * A handshake whose every fault is told apart. The server's certificate is judged here and not by the library, which would
 * stop at its first doubt; nothing is sent. That this side is accepted shows in the first bytes that the server sends.
 */
function shakeHands({ bytes, config }: Partial<ProfileParts>, now: Date): Promise<Found> {
  const { host, port } = addressOf({ config: config ?? {} });
  return new Promise((resolve) => {
    let greeted: Found | undefined;
    let socket: TLSSocket | undefined;
    const end = (found: Found): void => {
      socket?.destroy();
      resolve(found);
    };
    const broken = (error: unknown): void =>
      end(
        greeted === undefined
          ? failed('TLS_FAILED', { code: codeOf(error) })
          : failed('TLS_REFUSED', { code: codeOf(error) }),
      );
    try {
      socket = connect({
        ...{
          host,
          port,
          servername: isIP(host) === 0 ? host : '',
          ALPNProtocols: ['h2'],
          rejectUnauthorized: false,
          timeout: PATIENCE_MS,
        },
        ...{ ca: bytes?.ca, cert: bytes?.certificate, key: bytes?.key },
      });
    } catch (error) {
      // OpenSSL refuses what the profile holds before anything is sent.
      resolve(failed('TLS_FAILED', { code: codeOf(error) }));
      return;
    }
    socket.once('secureConnect', () => {
      if (socket === undefined) return;
      greeted = judgeServer(socket, host, now);
      if (greeted.level === 'failed') end(greeted);
    });
    socket.once('data', () => end(greeted ?? failed('TLS_FAILED', { code: 'NO_HANDSHAKE' })));
    socket.once('timeout', () => end(failed('TLS_FAILED', { code: 'ETIMEDOUT' })));
    socket.on('error', broken);
    socket.once('end', () => broken({ code: 'CLOSED' }));
    socket.once('close', () => broken({ code: 'CLOSED' }));
  });
}

function judgeServer(socket: TLSSocket, host: string, now: Date): Found {
  const certificate: DetailedPeerCertificate = socket.getPeerCertificate(true);
  const until = new Date(certificate.valid_to);
  const facts = { host, protocol: socket.getProtocol() ?? '', until };
  const problem: unknown = socket.authorizationError;
  const code = problem instanceof Error ? codeOf(problem) : String(problem ?? '');
  if (!socket.authorized) {
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
      return failed('TLS_NAME', { ...facts, names: certificate.subjectaltname ?? '' });
    if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return failed('TLS_SERVER_EXPIRED', facts);
    return failed('TLS_UNTRUSTED', { ...facts, code });
  }
  if (socket.alpnProtocol !== 'h2') return failed('TLS_FAILED', { code: 'NOT_HTTP2' });
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  return days < SERVER_NEAR_DAYS ? warning('TLS_NEAR', { ...facts, days }) : ok('TLS_OK', facts);
}

import { expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { CONFIG_WORDS } from '../config/config-words.ts';
import { faultFields } from '../rpc/log.ts';
import { StorageError, type StorageErrorKind } from '../storage/errors.ts';
import { failedStart } from './failed-start.ts';
import { portProblem } from './port-problem.ts';

const at = { host: '192.0.2.1', port: 7443 };
const fault = (code: string) => Object.assign(new Error('listen'), { code });
const database = (kind: StorageErrorKind) => new StorageError(kind, '', {}, undefined);

test.each([
  ['a port that is taken', portProblem('listen', at, fault('EADDRINUSE')), 5, 'listen.port: 7443 is in use'],
  ['the port of metrics', portProblem('metrics', at, fault('EADDRINUSE')), 5, 'metrics.port: 7443 is in use'],
  ['a port of the system', portProblem('listen', at, fault('EACCES')), 2, 'listen.port: this user may not'],
  ['an address of another machine', portProblem('listen', at, fault('EADDRNOTAVAIL')), 2, 'listen.host: 192.0.2.1'],
  ['a name that nobody has', portProblem('metrics', at, fault('ENOTFOUND')), 2, 'metrics.host: 192.0.2.1'],
  ['a port that cannot be shared', portProblem('listen', at, fault('ENOTSUP')), 2, 'limits.ioThreads'],
  ['any other member', new ConfigError('tls.key', CONFIG_WORDS.notPrivateKey), 2, 'tls.key'],
  ['a database that is away', database('unavailable'), 5, 'not available'],
  ['a database that lets nobody in', database('denied'), 2, 'does not let this user'],
  ['a database whose certificate nobody believes', database('untrusted'), 2, 'encrypted connection'],
  ['any other error of it', database('internal'), 1, 'refused a statement'],
  ['what nobody foresaw', new TypeError('Nguyễn Văn An'), 1, 'TypeError'],
])('%s', (_name, error, code, message) => {
  const said = failedStart(error, faultFields);
  expect(said).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(said.next).not.toBe('');
  expect(said.message).not.toContain('Nguyễn');
});

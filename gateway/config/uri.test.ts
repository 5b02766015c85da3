import { expect, test } from 'vitest';
import { notRead } from './uri.ts';

test('a file that is another user’s is told apart from one that is not there', () => {
  const said = (code: string) => notRead('log.key', '/etc/log-key.pem', Object.assign(new Error('no'), { code }));
  for (const code of ['EACCES', 'EPERM']) {
    expect(said(code).message).toMatch(/^config: log\.key: \/etc\/log-key\.pem may not be read by this user.*chown/);
    expect(said(code).words.vi).toMatch(/không được đọc \/etc\/log-key\.pem.*chown/);
  }
  expect(said('ENOENT').message).toBe('config: log.key: /etc/log-key.pem cannot be read');
});

import { expect, test } from 'vitest';
import { readDatabaseUrl } from './database-url.ts';

const read = (url: string, kind: 'production' | 'development' = 'production') =>
  readDatabaseUrl(Buffer.from(`${url}\n`), kind);
const PASSWORD = 'Wz9-secret';

test.each([
  'postgresql://gateway:word@localhost:5432/lienthong',
  'postgres://gateway@127.0.0.1/lienthong',
  'postgresql://gateway@127.3.0.1/lienthong',
  'postgresql://gateway@[::1]:5432/lienthong',
  'postgresql:///lienthong?host=/var/run/postgresql',
  'postgresql://gateway@%2Fvar%2Frun%2Fpostgresql/lienthong',
  'postgresql://gateway:word@db.example:5432/lienthong?sslmode=verify-full',
  'postgresql://gateway:word@db.example/lienthong?sslmode=verify-full&sslrootcert=/etc/lienthong/db-ca.pem',
  'postgresql://gateway:a%2Cb%40c@db.example/lienthong?sslmode=verify-full',
])('%s is taken in production', (url) => {
  expect(read(url)).toBe(url);
});

test.each([
  '',
  '?sslmode=require',
  '?sslmode=verify-ca',
  '?sslmode=disable',
  '?ssl=true',
  '?sslmode=verify-full&sslmode=disable',
  '?sslmode=verify-full&ssl=0',
])('another machine without verified TLS (%s) is not, in production', (query) => {
  const url = `postgresql://gateway:${PASSWORD}@db.example:5432/lienthong${query}`;
  expect(() => read(url)).toThrow('sslmode=verify-full');
  expect(() => read(url)).not.toThrow(PASSWORD);
  expect(read(url, 'development')).toBe(url);
});

test.each([
  ['postgresql://gateway@localhost.example/lienthong', 'a name that begins like this machine’s'],
  ['postgresql://gateway@127.0.0.1.example/lienthong', 'a name that begins like a loopback address'],
  ['postgresql://gateway@localhost/lienthong?host=db.example', 'a host that the parameters put over the other'],
  ['postgresql:///lienthong?host=/run/postgresql&host=db.example', 'a second host'],
])('%s is another machine: %s', (url) => {
  expect(() => read(url)).toThrow('sslmode=verify-full');
});

test.each([
  [`postgresql://gateway:${PASSWORD}@h1:5432,h2:5432/lienthong?sslmode=verify-full`, 'several hosts'],
  [`postgresql://gateway:${PASSWORD}@h1,h2/lienthong?target_session_attrs=read-write`, 'several hosts'],
  [`postgresql://gateway:${PASSWORD}#@db.example/lienthong`, '%23'],
  [`mysql://gateway:${PASSWORD}@db.example/lienthong`, 'postgresql://'],
  ['', 'postgresql://'],
])('%s is refused, in a development deployment too, without being quoted', (url, says) => {
  for (const kind of ['production', 'development'] as const) {
    expect(() => read(url, kind)).toThrow(says);
    expect(() => read(url, kind)).not.toThrow(PASSWORD);
  }
});

import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Statement } from './pool.ts';

/** From here on a value is sent from where it lies. Below, copying it is cheaper than a piece of its own. */
const LARGE_BYTES = 8 * 1024;
const BIND = 0x42; // 'B'
const TEXT_FORMAT = 0;
const BINARY_FORMAT = 1;

/** What the driver gives the statement that it sends: as much of it as is used here. */
interface DriverConnection {
  readonly stream: Writable;
}

interface BindConfig {
  readonly portal: string;
  readonly statement: string | undefined;
  readonly values: readonly unknown[];
  readonly valueMapper: (value: unknown) => Buffer | string | null;
}

interface DriverQuery {
  prepare(connection: DriverConnection): void;
}

export function hasLargeValue(values: readonly unknown[] | undefined): boolean {
  return values?.some((value) => Buffer.isBuffer(value) && value.length >= LARGE_BYTES) === true;
}

/**
 * Runs a statement as the driver does, but for its parameters: the driver gathers all of them in one buffer that it makes anew and
 * half as large again whenever the next does not fit, so that a chunk's entries, a third of a megabyte, come to a whole one that the
 * collector has to count. Here a large value is handed to the socket as it is; it must not change before the answer is there.
 *
 * The message is that of the protocol's Bind (PostgreSQL, Frontend/Backend Protocol, Message Formats): results as text.
 */
export function queryWithLargeValues(client: pg.ClientBase, statement: Statement): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const answered = (error: Error | undefined, result: unknown) =>
      error ? reject(error) : resolve(result as pg.QueryResult);
    const query = new pg.Query(statement as pg.QueryConfig, answered);
    const driver = query as unknown as DriverQuery;
    const prepare = driver.prepare.bind(driver);
    driver.prepare = (connection) => {
      const bind = { value: (config: BindConfig) => sendBind(connection.stream, config) };
      prepare(Object.create(connection, { bind }));
    };
    client.query(query);
  });
}

function sendBind(stream: Writable, { portal, statement, values, valueMapper }: BindConfig): void {
  const mapped = values.map((value) => {
    const sent = valueMapper(value);
    return typeof sent === 'string' ? { bytes: Buffer.from(sent), format: TEXT_FORMAT } : sentAsItIs(sent);
  });
  const pieces: Buffer[] = [cString(portal), cString(statement ?? '')];
  pieces.push(int16(mapped.length, ...mapped.map(({ format }) => format)), int16(mapped.length));
  for (const { bytes } of mapped) {
    pieces.push(int32(bytes?.length ?? -1));
    if (bytes !== null) pieces.push(bytes);
  }
  pieces.push(int16(1, TEXT_FORMAT));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 4);
  if (!stream.writable) return;
  for (const piece of joinSmall([Buffer.from([BIND]), int32(length), ...pieces])) stream.write(piece);
}

function sentAsItIs(bytes: Buffer | null) {
  return { bytes, format: bytes === null ? TEXT_FORMAT : BINARY_FORMAT };
}

/** Neighbours that are small in one piece. */
function joinSmall(pieces: readonly Buffer[]): Buffer[] {
  const out: Buffer[] = [];
  let small: Buffer[] = [];
  for (const piece of pieces) {
    if (piece.length < LARGE_BYTES) {
      small.push(piece);
    } else {
      out.push(Buffer.concat(small), piece);
      small = [];
    }
  }
  return [...out, Buffer.concat(small)];
}

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function int16(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) out.writeInt16BE(value, 2 * i);
  return out;
}

function int32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeInt32BE(value);
  return out;
}

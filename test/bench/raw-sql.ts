/** Runs raw.sql through the driver: the embedded PostgreSQL brings no psql. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

const SCRIPT = fileURLToPath(new URL('raw.sql', import.meta.url));
/** As a telco's tool would read and write: large pieces. */
const PIECE = 1 << 20;

/** The statements of a script, in order, without comments. */
export function statementsOf(script: string): readonly string[] {
  const code = script.replaceAll(/^--.*$/gm, '');
  return code
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

export interface RawRun {
  /** From the first statement to the last byte written. */
  readonly seconds: number;
  /** Of each statement, by its first two words. */
  readonly parts: readonly { readonly statement: string; readonly seconds: number }[];
}

/** Runs the script on a connection of its own, input from one file, output to the other. Connecting is not counted. */
export async function runRawSql(options: { url: string; input: string; output: string }): Promise<RawRun> {
  const statements = statementsOf(await readFile(SCRIPT, 'utf8'));
  const client = new pg.Client({ connectionString: options.url, application_name: 'lienthong-bench-raw' });
  await client.connect();
  try {
    const parts: { statement: string; seconds: number }[] = [];
    const start = performance.now();
    for (const statement of statements) {
      const from = performance.now();
      if (/\bFROM STDIN\b/.test(statement)) {
        await pipeline(
          createReadStream(options.input, { highWaterMark: PIECE }),
          client.query(copyFrom(statement, { highWaterMark: PIECE })),
        );
      } else if (/\bTO STDOUT\b/.test(statement)) {
        await pipeline(client.query(copyTo(statement)), createWriteStream(options.output, { highWaterMark: PIECE }));
      } else {
        await client.query(statement);
      }
      const name = statement.split(/\s+/, 2).join(' ');
      parts.push({ statement: name, seconds: (performance.now() - from) / 1000 });
    }
    return { seconds: (performance.now() - start) / 1000, parts };
  } finally {
    await client.end();
  }
}

import { Readable, Writable } from 'node:stream';
import { ALL_COMMANDS } from '../all-commands.ts';
import { runCli } from '../run.ts';

export interface Captured {
  readonly env?: Record<string, string>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** As if a person sat there: input and standard error are a terminal. */
  readonly asked?: boolean;
}

/** Runs a command line as a script would, without a terminal unless asked for, and gives back all that it said. */
export async function runCaptured(
  args: readonly string[],
  { env = {}, input = '', signal, asked = false }: Captured = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [capture(), capture()];
  const code = await runCli(
    args,
    {
      stdin: Object.assign(Readable.from([Buffer.from(input)]), { isTTY: asked }),
      stdout: stdout.stream,
      stderr: Object.assign(stderr.stream, { isTTY: asked }),
      env,
      signal: signal ?? new AbortController().signal,
    },
    ALL_COMMANDS,
  );
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function capture(): { stream: Writable; text(): string } {
  const pieces: string[] = [];
  const stream = new Writable({
    write(piece, _encoding, done) {
      pieces.push(String(piece));
      done();
    },
  });
  return { stream, text: () => pieces.join('') };
}

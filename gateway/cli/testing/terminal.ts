import { Readable, Writable } from 'node:stream';
import { ALL_COMMANDS } from '../all-commands.ts';
import { runCli } from '../run.ts';

/** Runs a command line as a script would, without a terminal, and gives back all that it said. */
export async function runCaptured(
  args: readonly string[],
  { env = {}, input = '', signal }: { env?: Record<string, string>; input?: string; signal?: AbortSignal } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [capture(), capture()];
  const code = await runCli(
    args,
    {
      stdin: Readable.from([Buffer.from(input)]),
      stdout: stdout.stream,
      stderr: stderr.stream,
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

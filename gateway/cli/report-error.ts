import type { ExitCode } from '../../connectors/kit/exit-codes.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import { type Explanation, explain } from './explain.ts';
import { sayable } from './sayable.ts';
import type { Settings, Terminal } from './terminal.ts';

const WORDS = {
  en: { request: 'Request id' },
  vi: { request: 'Mã yêu cầu' },
} as const;

/** The lines of an explanation: what happened, what it names, what to do next, the request id. */
export function errorLines({ happened, next, details, requestId }: Explanation, language: Language): string[] {
  const lines = [happened, ...details.map((detail) => `  - ${detail}`), next];
  if (requestId !== undefined) lines.push(`${WORDS[language].request}: ${requestId}`);
  return lines.filter((line) => line.trim() !== '');
}

/** Tells of an error on standard error, with --json also as an object on standard output. Returns the exit code. */
export function reportError(error: unknown, { language, json }: Settings, terminal: Terminal): ExitCode {
  const explanation = explain(error, language);
  terminal.stderr.write(`${sayable(errorLines(explanation, language).join('\n'))}\n`);
  if (json) terminal.stdout.write(`${JSON.stringify({ error: explanation })}\n`);
  if (terminal.env.LIENTHONG_DEBUG === '1' && error instanceof Error) {
    // The places only: what stands before them is the message again, of an error that is not ours with all that it quotes.
    const places = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
    terminal.stderr.write(`${places.join('\n')}\n`);
  }
  return explanation.exitCode;
}

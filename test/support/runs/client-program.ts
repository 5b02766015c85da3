/**
 * A telco's run as a process of its own: `node --import …/arm.ts client-program.ts OPTIONS-AS-JSON`. Ends as `telco verify --json`
 * does (the same summary, sentences and exit codes), with patience that a test can choose.
 */
import { type VerifyOptions, verifySubscribers } from '../../../connectors/telco/verify.ts';
import { reportError } from '../../../gateway/cli/report-error.ts';

const interruption = new AbortController();
process.on('SIGTERM', () => interruption.abort());
const terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env };
let code = 0;
try {
  const options = JSON.parse(process.argv[2] ?? '') as VerifyOptions;
  const summary = await verifySubscribers({ ...options, signal: interruption.signal });
  process.stdout.write(`${JSON.stringify(summary)}\n`);
} catch (error) {
  const settings = { language: 'en', json: true } as const;
  code = reportError(error, settings, { ...terminal, signal: interruption.signal });
}
process.exit(code);

/**
 * A process that keeps so many unary calls in flight and says what it saw.  node unary-client.ts SETUP.json
 * Events on standard output: `measuring` when warm, `measured` with the figures.
 */
import { readFileSync } from 'node:fs';
import { createCaller } from './callers.ts';
import { runLoad } from './load.ts';
import type { ClientSetup } from './unary-setup.ts';

const setup = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ClientSetup;
const tell = (event: string, more: object = {}): void => {
  process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
};

const caller = await createCaller(setup);
let cpu = process.cpuUsage();
const result = await runLoad({
  inFlight: setup.inFlight,
  warmMs: setup.warmMs,
  measureMs: setup.measureMs,
  call: caller.call,
  onMeasuring: () => {
    cpu = process.cpuUsage();
    tell('measuring');
  },
});
const { user, system } = process.cpuUsage(cpu);
tell('measured', { ...result, clientCpu: (user + system) / 1e6, ...caller.sizes() });
caller.close();

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GATEWAY_FLAGS } from '../cli/node-flags.mjs';

const MIB = 1 << 20;

/** Fills its young generation again and again, half of it alive, and says how large that has become. */
const THREAD = `
import { getHeapSpaceStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
let kept = [];
for (let i = 0; i < 3_000_000; i++) {
  kept.push({ i });
  if (kept.length > 100_000) kept = [];
}
parentPort.postMessage(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);
`;

/** Bytes of the young generation of a thread of a process with the gateway's flags. */
async function youngGeneration(youngGenerationMb: number): Promise<number> {
  const program = `
    import { startThread } from ${JSON.stringify(new URL('start-thread.ts', import.meta.url).href)};
    const thread = startThread(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(THREAD)}`)}), {
      youngGenerationMb: ${youngGenerationMb},
    });
    thread.on('message', (size) => console.log(size));
  `;
  const args = [...GATEWAY_FLAGS, '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

test("a thread's young generation is bounded by what is said of it, not by what is said of the process", async () => {
  // Two semi-spaces of a third each.
  expect(await youngGeneration(12)).toBe(8 * MIB);
  expect(await youngGeneration(24)).toBe(16 * MIB);
});

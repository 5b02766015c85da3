/** Whether a caller without the grant can tell by the clock that somebody exists: calls about people and about nobody, interleaved. */
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignedClient } from '../../connectors/kit/client.ts';
import { loadProfile } from '../../connectors/kit/profile.ts';
import { GatewayError } from '../../connectors/kit/refusal.ts';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { areaUnderCurve } from './area-under-curve.ts';
import { cleanPeople } from './clean-people.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { median } from './stats.ts';

const SAMPLES = 20_000;
const SHORT_SAMPLES = 6_000;
const WARM = 500;
/** 0.5 is a coin; what is asked for is told as a ratio to it. */
const MOST = 0.55;
const CALLER = 'bank-demo';
const RETRY_MS = 1_000;

export async function existence(context: BenchContext): Promise<readonly Figure[]> {
  const { options, cleanup, say } = context;
  const register = await context.register();
  const gateway = await startGateway({ configPath: register.configPath, cleanup });
  const client = createSignedClient(await loadProfile(join(dirname(register.profile), CALLER)));
  const person = cleanPeople({ persons: register.persons, from: 0 });
  const samples = options.short ? SHORT_SAMPLES : SAMPLES;
  const times: Record<'exists' | 'absent', number[]> = { exists: [], absent: [] };
  let nobody = 999_300_000_000;

  async function ask(kind: 'exists' | 'absent'): Promise<number> {
    const somebody = person();
    const asked = kind === 'exists' ? somebody : { ...somebody, idNumber: String(nobody++) };
    for (;;) {
      const began = performance.now();
      try {
        const { message } = await client.unary(VerificationService.method.verifyPerson, asked, { retryForMs: 0 });
        const took = performance.now() - began;
        if (message.verdict !== Verdict.NOT_CONFIRMED) throw new Error(`verdict ${message.verdict} told something`);
        return took;
      } catch (error) {
        // The caller's own rate: it waits as it is told to.
        if (!(error instanceof GatewayError) || error.refusal?.retryAfterMs === undefined) throw error;
        await sleep(error.refusal.retryAfterMs + RETRY_MS);
      }
    }
  }

  try {
    for (let n = 0; n < WARM; n++) await ask(n % 2 === 0 ? 'exists' : 'absent');
    for (let n = 0; n < samples; n++) {
      const kind = Math.random() < 0.5 ? 'exists' : 'absent';
      times[kind].push(await ask(kind));
      if (n % 2_000 === 1_999) say(`existence: ${n + 1}/${samples}`);
    }
  } finally {
    client.close();
    await gateway.stop();
  }
  const area = areaUnderCurve(times.exists, times.absent);
  const told = Math.max(area, 1 - area);
  return [
    {
      name: 'existence',
      ratio: 0.5 / told,
      value: told,
      unit: 'AUC',
      baseline: 0.5,
      gate: null,
      goal: 0.5 / MOST,
      extra: { samples, area, mostAsked: MOST },
      notes: [
        `${samples} calls: somebody median ${median(times.exists).toFixed(3)} ms, nobody ${median(times.absent).toFixed(3)} ms; AUC ${area.toFixed(4)}, at most ${MOST} asked`,
      ],
    },
  ];
}

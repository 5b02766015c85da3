import { afterEach, expect, test } from 'vitest';
import { createLogWatch } from './log-watch.ts';

const sound = { keep: async () => undefined, lateMs: () => 0, state: 'sound' } as const;
let watch: ReturnType<typeof createLogWatch>;
afterEach(() => watch.stop());

test('a lease that nobody confirms any more is a trouble after its time, and none from the next renewal on', async () => {
  let confirm: (() => void) | undefined;
  let answers = true;
  let renewed = 0;
  watch = createLogWatch({
    db: {
      async query() {
        renewed += 1;
        if (!answers) await new Promise<void>((resolve) => (confirm = resolve));
        return { rows: [{ floor: 0 }] };
      },
    },
    ...{ heads: sound, workerId: 'w', tokenFloor: 0, everyMs: 5, unconfirmedAfterMs: 100 },
    onFault: () => undefined,
    onFenced: () => undefined,
  });
  await expect.poll(() => renewed).toBeGreaterThan(20);
  await expect.poll(() => watch.trouble()).toBeUndefined();
  answers = false;
  await expect.poll(() => watch.trouble()).toBe('unconfirmed');
  answers = true;
  confirm?.();
  await expect.poll(() => watch.trouble()).toBeUndefined();
});

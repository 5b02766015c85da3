import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;
const LOOKS = 40;

/**
 * What must hold within two seconds, counted in looks: one every 50 ms, 40 of them. Where the machine is busy with others, each
 * look, a call through the same gateway, takes longer, and the gateway has that much longer as well. Throws what the last threw.
 */
export async function withinLooks(holds: () => Promise<void>): Promise<void> {
  for (let look = 1; ; look++) {
    const over = sleep(EVERY_MS);
    try {
      return await holds();
    } catch (error) {
      if (look === LOOKS) throw error;
    }
    await over;
  }
}

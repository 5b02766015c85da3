/** The consents of a register, given once and kept with it for the next run. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BenchPeople, choosePeople } from './consent-people.ts';
import { agreeOn, BY_CONSENT, BY_COUNTED } from './consent-uses.ts';
import type { BenchContext } from './context.ts';
import { giveConsents } from './give-consents.ts';
import type { Register } from './register.ts';

/** For single calls, one in so many: more than are in flight at a time, so that hardly one asks for whom another asks. */
const SINGLE_EVERY = 50;
const USES = [BY_CONSENT, BY_COUNTED] as const;
const TABLES = [
  ...['consent_in_force', 'consent_uses', 'consent_pending', 'consent_acknowledgement', 'consent_ended'],
  ...['matter_open', 'matter_act', 'consent_matter', 'consent', 'consent_scope', 'consent_use'],
];

export interface ConsentRegister {
  readonly register: Register;
  /** Subscribers, about as many as there are consents, and the truth of their rows. */
  readonly file: { readonly path: string; readonly truth: string; readonly rows: number };
  readonly people: BenchPeople;
}

/** The register with its consents for both uses. */
export async function openConsents(context: BenchContext): Promise<ConsentRegister> {
  const { files, options, say } = context;
  const { persons, consents: rows } = options.sizes;
  const register = await context.register();
  const file = { ...(await files.subscribers(rows, persons)), rows };
  await agreeOn(register, USES);
  const people = await choosePeople(register.pool, {
    file: file.path,
    persons,
    givers: rows,
    single: Math.ceil(rows / SINGLE_EVERY),
  });
  const folder = dirname(register.configPath);
  const name = `consents-${rows}`;
  if (!existsSync(join(folder, name))) {
    for (const other of readdirSync(folder)) if (other.startsWith('consents-')) rmSync(join(folder, other));
    await register.pool.query(`TRUNCATE ${TABLES.join(', ')}`);
    for (const use of USES) {
      const began = performance.now();
      await giveConsents(register, use, people.givers);
      const seconds = (performance.now() - began) / 1000;
      say(
        `${people.givers.length.toLocaleString('en-US')} consents given for ${use.purpose} in ${seconds.toFixed(0)} s`,
      );
    }
    await register.pool.query(`VACUUM (ANALYZE) ${TABLES.join(', ')}`);
    writeFileSync(join(folder, name), '');
  }
  return { register, file, people };
}

import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { MOST_EXCESS } from '../exchange/guard-port.ts';
import { CROSSING_ENTITIES, dayNumber, dayStart, GUESS_DAYS, KINDS } from './limits-sql.ts';
import { readAlarms } from './read-alarms.ts';

test('what the guard counts as an alarm is told as one, to the entity, the day and the miss', async () => {
  const { pool, drop } = await createTestDatabase();
  const entities = Array.from({ length: CROSSING_ENTITIES }, (_, at) => `entity-${at}`);
  const crossed = (unit: number, by: readonly string[], daysAgo: number) =>
    pool.query(
      `INSERT INTO guess_crossing (unit, entity, day) SELECT $1, entity, ${dayNumber('now()')} - $3 FROM unnest($2::text[]) AS t (entity)`,
      [unit, by, daysAgo],
    );
  const missed = (party: string, kind: number, used: number, before = '0') =>
    pool.query(
      `INSERT INTO limit_counter (party, purpose, kind, window_start, used) VALUES ($1, '', $2, ${dayStart('now()')} - $4::interval, $3)`,
      [party, kind, used, before],
    );
  expect(await readAlarms(pool)).toEqual({ guessCrossings: 0, missesOfDay: 0 });

  await crossed(1, entities, GUESS_DAYS - 1);
  await crossed(2, entities, GUESS_DAYS);
  await crossed(3, entities.slice(1), 0);
  await missed('entity-0', KINDS.excess, MOST_EXCESS + 1);
  await missed('entity-1', KINDS.excess, MOST_EXCESS);
  await missed('entity-2', KINDS.excess, MOST_EXCESS + 1, '1 second');
  await missed('entity-3', KINDS.rows, MOST_EXCESS + 1);
  expect(await readAlarms(pool)).toEqual({ guessCrossings: 1, missesOfDay: 1 });
  await drop();
});

/** Settings of the embedded server: fast with durability on, and silent about data. */
import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** Shared memory for pages: an eighth of the machine's, between 128 MB and 1 GB. */
function sharedBuffers(): string {
  const mib = Math.floor(totalmem() / MIB / 8);
  return `${Math.min(1024, Math.max(128, mib))}MB`;
}

/** Containers often give 64 MB of /dev/shm, on which parallel index builds fail: System V memory has no such limit. */
function parallelMemory(): string {
  try {
    const shm = statfsSync('/dev/shm');
    return shm.bavail * shm.bsize >= 1024 * MIB ? 'posix' : 'sysv';
  } catch {
    return process.platform === 'linux' ? 'sysv' : 'posix';
  }
}

const BASE = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  max_wal_size: '4GB',
  min_wal_size: '512MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  // These binaries know pglz only, which costs more than the bytes it saves.
  wal_compression: 'off',
  wal_buffers: '64MB',
  // One server and no replicas: bulk loads into new tables are synced to disk at commit instead of being logged first.
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  effective_io_concurrency: '64',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // No personal data in the server's log: errors of statements go to the client only, never with their parameters.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_checkpoints: 'off',
} as const;

const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' } as const;
/** For tests that never outlive a crash. */
const VOLATILE = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } as const;

/** All settings for the server's command line; `extra` prevails. */
export function serverSettings(durable: boolean, extra: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...BASE,
    shared_buffers: sharedBuffers(),
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : parallelMemory(),
    ...(durable ? DURABLE : VOLATILE),
    ...extra,
  };
}

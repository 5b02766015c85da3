import { CLIENT_COMMANDS } from './client-commands.ts';
import type { CommandTable } from './run.ts';

/** Everything: the demo, what an agency runs, what an operator runs. */
export const ALL_COMMANDS: CommandTable = {
  demo: async () => (await import('./commands/demo.ts')).addDemoCommand,
  dev: async () => (await import('./commands/dev.ts')).addDevCommands,
  console: async () => (await import('./commands/console.ts')).addConsoleCommand,
  register: async () => (await import('./commands/register.ts')).addRegisterCommand,
  ...CLIENT_COMMANDS,
  accesses: async () => (await import('./commands/accesses.ts')).addAccessesCommand,
  retention: async () => (await import('./commands/retention.ts')).addRetentionCommand,
  audit: async () => (await import('./commands/audit.ts')).addAuditCommand,
  policy: async () => (await import('./commands/policy.ts')).addPolicyCommand,
  'gateway-keys': async () => (await import('./commands/gateway-keys.ts')).addGatewayKeysCommands,
  request: async () => (await import('./commands/request.ts')).addRequestCommand,
  release: async () => (await import('./commands/release.ts')).addReleaseCommand,
  status: async () => (await import('./commands/status.ts')).addStatusCommand,
  genesis: async () => (await import('./commands/genesis.ts')).addGenesisCommand,
  proposal: async () => (await import('./commands/proposal.ts')).addProposalCommands,
  agreement: async () => (await import('./commands/agreement.ts')).addAgreementCommands,
  limit: async () => (await import('./commands/limit.ts')).addLimitCommands,
  agency: async () => (await import('./commands/agency.ts')).addAgencyCommands,
  certificate: async () => (await import('./commands/agency.ts')).addCertificateCommands,
  key: async () => (await import('./commands/agency.ts')).addKeyCommands,
  issuer: async () => (await import('./commands/issuer.ts')).addIssuerCommands,
  officer: async () => (await import('./commands/officer.ts')).addOfficerCommands,
  matter: async () => (await import('./commands/matter.ts')).addMatterCommands,
  backup: async () => (await import('./commands/backup.ts')).addBackupCommand,
  restore: async () => (await import('./commands/restore.ts')).addRestoreCommand,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrateCommand,
  serve: async () => (await import('./commands/serve.ts')).addServeCommand,
};

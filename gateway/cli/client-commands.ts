import type { CommandTable } from './run.ts';

/** What an agency runs: nothing here needs a database or anything else of a gateway's. */
export const CLIENT_COMMANDS: CommandTable = {
  telco: async () => (await import('./commands/telco.ts')).addTelcoCommand,
  profile: async () => (await import('./commands/profile.ts')).addProfileCommand,
  person: async () => (await import('./commands/person.ts')).addPersonCommand,
  call: async () => (await import('./commands/call.ts')).addCallCommand,
  proof: async () => (await import('./commands/proof.ts')).addProofCommand,
  receipt: async () => (await import('./commands/receipt.ts')).addReceiptCommand,
  job: async () => (await import('./commands/job.ts')).addJobCommands,
  witness: async () => (await import('./commands/witness.ts')).addWitnessCommand,
  explain: async () => (await import('./commands/explain.ts')).addExplainCommand,
  enroll: async () => (await import('./commands/enroll.ts')).addEnrollCommand,
  quota: async () => (await import('./commands/quota.ts')).addQuotaCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
};

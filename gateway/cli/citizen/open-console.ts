import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { loadProfile, purposeOf } from '../../../connectors/kit/profile.ts';
import { administrationAgreement } from '../../admin/administration.ts';
import { readLogTrust } from '../../console/log-trust.ts';
import { createNames, type Names } from '../../console/names.ts';
import { type RunningConsole, serveConsole } from '../../console/serve.ts';
import { createSessions } from '../../console/session.ts';
import { DEVELOPMENT_AGENCIES } from '../../development/agencies.ts';
import { createDevelopmentIssuer } from '../../development/issuer.ts';
import { readAgreementFiles } from '../../policy/files.ts';
import { readSigningKeyFile } from '../../signing/key-file.ts';
import { CliProblem } from '../problem.ts';
import { createDevelopmentEid, readEidPeople } from './development-eid.ts';

/** Agency whose calls carry the citizens' acts in a development deployment. */
export const CITIZEN_AGENCY = 'citizen-page';
/** In the gateway's folder: people whom the sign-in offers. */
export const EID_PEOPLE = 'eid-people.json';

const POLICIES = fileURLToPath(new URL('../../../policies', import.meta.url));

/**
 * Serves the citizen's pages for a profile of a development deployment, whose e-ID lies beside it in the data folder.
 *
 * @param port 0 for any
 * @throws CliProblem EID_MISSING, KitError
 */
export async function openConsole(
  folder: string,
  { port, env }: { readonly port: number; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<RunningConsole> {
  const profile = await loadProfile(folder, { env });
  const gateway = join(dirname(dirname(profile.folder)), 'gateway');
  const key = await readSigningKeyFile(join(gateway, 'issuer.jwk.json')).catch((cause: unknown) => {
    throw new CliProblem('EID_MISSING', { folder: gateway }, { cause });
  });
  const client = createSignedClient(profile);
  const issuer = createDevelopmentIssuer({ key, deployment: profile.deployment, nowSeconds: client.now });
  const people = await readEidPeople(join(gateway, EID_PEOPLE));
  const running = await serveConsole(
    {
      ...{
        client,
        agency: profile.agency,
        purpose: purposeOf(profile),
        names: await developmentNames(),
        secure: false,
      },
      eid: createDevelopmentEid({ issuer, people, channel: profile.agency }),
      sessions: createSessions({ now: Date.now }),
      logTrust: () => readLogTrust(client),
    },
    { port },
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return {
    ...running,
    async close() {
      await running.close();
      client.close();
    },
  };
}

async function developmentNames(): Promise<Names> {
  const { agreements } = await readAgreementFiles(POLICIES);
  // That of officers, who look a person's matters up, comes with genesis and stands in no file.
  const all = [...agreements, administrationAgreement(0)];
  return createNames({
    agencies: Object.fromEntries(
      DEVELOPMENT_AGENCIES.map(({ code, nameVi, nameEn }) => [code, { vi: nameVi, en: nameEn }]),
    ),
    purposes: Object.fromEntries(
      all.map(({ agency, purpose, purpose_text }) => [`${agency}/${purpose}`, purpose_text]),
    ),
  });
}

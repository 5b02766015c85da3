/** `accesses list` of a development deployment: as the citizen's page does it, for a person whom its e-ID service takes at their word. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create, toBinary, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { loadProfile, purposeOf } from '../../../connectors/kit/profile.ts';
import {
  type Access,
  type AccessOutcome,
  AuditService,
  ListAccessesActSchema,
  type ListAccessesResponse,
  ListAccessesResponseSchema,
} from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { LIST_ACCESSES } from '../../accesses/list-accesses.ts';
import { createDevelopmentIssuer } from '../../development/issuer.ts';
import { audienceOf } from '../../signing/binding.ts';
import { digestOf } from '../../signing/digest.ts';
import { generateSigningJwk, loadSigningKey } from '../../signing/key-store.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { table } from '../layout.ts';
import { localDay, localTime } from '../local-time.ts';
import { CliProblem, fill } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';
import { preparedFolder } from '../stack/data-folder.ts';
import { widthOf } from '../terminal.ts';
import { LIST_WORDS } from './accesses-words.ts';

interface ListOptions extends CommonOptions {
  readonly data: string;
}

/** The agency whose channel people act through. */
const CHANNEL = 'citizen-page';
/** As many as a page may have. */
const PAGE = 200;
const PERSONAL_ID = /^\d{12}$/;

/** `accesses list ID --data DIR` */
export function addListCommand(group: Command, cli: Cli): void {
  const list = group
    .command('list')
    .description(
      'what a person is shown, to try the citizen’s page: of a running development deployment only; elsewhere people ask themselves, and officers have no such list',
    )
    .argument('[id]', 'personal ID (12 digits); "-" or nothing: from standard input')
    .requiredOption('--data <dir>', 'data folder of the deployment; it may be running');
  attach<ListOptions>(cli, list, showAccesses);
}

async function showAccesses(context: CommandContext, [given = '-']: readonly string[], options: ListOptions) {
  const { terminal, settings } = context;
  const words = LIST_WORDS[settings.language];
  const id = (given === '-' ? await readFirstLine(terminal.stdin) : given).trim();
  if (!PERSONAL_ID.test(id)) throw new CliProblem('ID_MISSING');
  const data = preparedFolder(options.data);
  const profile = await loadProfile(data.profile(CHANNEL));
  const client = createSignedClient(profile);
  const ask = async (pageToken: Uint8Array<ArrayBuffer>) => {
    const asked = create(ListAccessesActSchema, { pageSize: PAGE, pageToken, blind: randomBytes(16) });
    const act = toBinary(ListAccessesActSchema, asked);
    const request = {
      context: { purpose: purposeOf(profile, undefined) },
      act,
      persons: [await actAs(dirname(data.config), profile.deployment, id, act)],
    };
    return (await client.unary(AuditService.method.listAccesses, request, { signal: terminal.signal })).message;
  };
  try {
    const message = await everyPage(ask);
    context.give(toJson(ListAccessesResponseSchema, message, { useProtoFieldName: true }));
    const rows = message.accesses.map((access) => rowOf(access, settings.language));
    const [when, who, what, purpose, outcome] = words.titles;
    context.say(
      table(
        [
          { title: when },
          { title: who, wide: true },
          { title: what, wide: true },
          { title: purpose },
          { title: outcome },
        ],
        rows,
        widthOf(terminal.stdout),
      ),
    );
    context.say(fill(words.complete, { position: String(message.logPosition), delayed: message.delayed }));
    if (message.unlinkedOn > 0n) context.say(fill(words.unlinked, { at: localDay(Number(message.unlinkedOn)) }));
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

/** All pages as one answer: they are of the log as the first one saw it, so its position is that of all. */
export async function everyPage(
  ask: (pageToken: Uint8Array<ArrayBuffer>) => Promise<ListAccessesResponse>,
): Promise<ListAccessesResponse> {
  const first = await ask(new Uint8Array(0));
  const accesses = [...first.accesses];
  let token = first.nextPageToken;
  while (token.length > 0) {
    const next = await ask(Uint8Array.from(token));
    accesses.push(...next.accesses);
    token = next.nextPageToken;
  }
  return { ...first, accesses, nextPageToken: token };
}

function rowOf(access: Access, language: keyof typeof LIST_WORDS): string[] {
  const words = LIST_WORDS[language];
  const fields = [...(access.released?.paths ?? []), ...(access.compared?.paths ?? [])];
  const outcome = words.outcomes[access.outcome];
  const name = language === 'vi' ? access.agencyVi : access.agencyEn;
  return [
    `${localTime(Number(access.lastMs) / 1000)}${access.times > 1 ? ` ×${access.times}` : ''}`,
    [name === '' ? access.agency : name, access.unitCode].filter((text) => text !== '').join(', '),
    fields.join(', '),
    [access.purpose, access.caseRef].filter((text) => text !== '').join(' · '),
    access.unproven ? fill(words.unproven, { outcome }) : outcome,
  ];
}

/** The deployment's own e-ID service says who it is, and a key of this moment signs the act. */
async function actAs(folder: string, deployment: string, personalId: string, act: Uint8Array) {
  const nowSeconds = () => Date.now() / 1000;
  const key = loadSigningKey(JSON.parse(await readFile(join(folder, 'issuer.jwk.json'), 'utf8')));
  const session = loadSigningKey(await generateSigningJwk());
  const issuer = createDevelopmentIssuer({ key, deployment, nowSeconds });
  const signer = createSigner({ key: session.key, kid: session.kid, issuer: 'person' });
  return {
    assertion: issuer.assert({ personalId, audienceAgency: CHANNEL }, session.publicJwk),
    proof: signer.sign('lt-act+jws', {
      ...{ aud: audienceOf('gateway', deployment), iat: Math.floor(nowSeconds()) },
      ...{ dig: digestOf(act), mth: LIST_ACCESSES },
    }),
  };
}

// Every outcome has its words, in each language.
LIST_WORDS satisfies Record<string, { readonly outcomes: Readonly<Record<AccessOutcome, string>> }>;

import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { AdminService, IssuerSchema } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { attach, type Cli, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { ALONE_OPTIONS, type AloneOptions, actAlone } from '../officers/act-alone.ts';
import { proposeAct, withOfficer } from '../officers/desk.ts';
import { tellEnrolled } from '../officers/enrolled-lines.ts';
import { readRequest } from '../officers/request-file.ts';
import { OFFICER_WORDS, tellProposal, tellTable } from '../officers/words.ts';
import { addBar, KEY_UNTIL, type KeyOptions, keyUntil } from './agency.ts';

/** `issuer list|admit|key|retire|bar` */
export function addIssuerCommands(program: Command, cli: Cli): void {
  const issuer = program.command('issuer').description('who may sign on behalf of people, for example consents');
  const list = issuer
    .command('list')
    .description('issuers with their keys')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, list, (context, _args, options) =>
    withOfficer(context, options, async ({ client, signal }) => {
      const { message } = await client.unary(AdminService.method.listAgencies, {}, { signal });
      const { language } = context.settings;
      const words = OFFICER_WORDS[language];
      context.give(message.issuers.map((one) => toJson(IssuerSchema, one, { useProtoFieldName: true })));
      const rows = message.issuers.map(({ code, legalEntity, nameVi, nameEn, keys, state }) => {
        const active = keys.filter((key) => key.state === 'active').length;
        const word = state === 'active' ? words.open : state === 'retired' ? words.retired : words.barred;
        return [code, legalEntity, language === 'vi' ? nameVi : nameEn, String(active), word];
      });
      tellTable(context, words.issuers, rows);
      const named = message.issuers.map(({ code, keys: own }) => ({ code, certificates: [], keys: own }));
      tellEnrolled(context, named);
      return undefined;
    }),
  );
  const file = ['<request>', 'request.json of "enroll request"'] as const;
  const admit = issuer
    .command('admit')
    .description('proposes an issuer from its request')
    .argument(...file)
    .option(...KEY_UNTIL)
    .option(...PROFILE_OPTION);
  attach<KeyOptions>(cli, admit, (context, [path = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const { holder, legal_entity, name_vi, name_en, key, proof } = await readRequest(path, 'issuer');
      const act = {
        ...({ kind: 'issuer.admit', issuer: holder, legal_entity, name_vi, name_en } as const),
        ...{ key, proof, ...keyUntil(options) },
      };
      tellProposal(context, await proposeAct(desk, act), 'proposed');
      return undefined;
    }),
  );
  const key = issuer
    .command('key')
    .description('proposes a further key of an issuer; the earlier ones stay')
    .argument(...file)
    .option(...KEY_UNTIL)
    .option(...PROFILE_OPTION);
  attach<KeyOptions>(cli, key, (context, [path = ''], options) =>
    withOfficer(context, options, async (desk) => {
      const { holder, key: jwk, proof } = await readRequest(path, 'issuer');
      const act = { kind: 'issuer.key', issuer: holder, key: jwk, proof, ...keyUntil(options) } as const;
      tellProposal(context, await proposeAct(desk, act), 'proposed');
      return undefined;
    }),
  );
  const code = ['<code>', 'code of the issuer'] as const;
  const retire = issuer
    .command('retire')
    .description('ends the work of an issuer; what it signed stays good')
    .argument(...code)
    .option(...PROFILE_OPTION);
  for (const [flags, text] of ALONE_OPTIONS) retire.option(flags, text);
  attach<AloneOptions>(cli, retire, (context, [one = ''], options) =>
    actAlone(context, options, async () => ({ own: { kind: 'issuer.retire', issuer: one } })),
  );
  addBar(cli, issuer, 'issuer', 'bars an issuer at once, for good', 'code of the issuer');
}

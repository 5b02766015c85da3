import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AdmittedAgencySchema, IssuerSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { type ActBook, isBarred } from '../acts/book.ts';
import type { Database } from '../storage/pool.ts';

type Entry = MessageInitShape<typeof AdmittedAgencySchema>;

/** Those that officers admitted and, where rows of the tables count as well, a development deployment's own; by code. */
export async function readAgencies(db: Database, book: ActBook, actsOnly: boolean): Promise<Entry[]> {
  const own = actsOnly ? [] : await readTables(db, book);
  const admitted = [...book.agencies.values()].map((agency): Entry => {
    const { code } = agency;
    const certificates = [...book.certificates.values()].filter((one) => one.agency === code);
    const keysOf = (keys: ActBook['keys'] | ActBook['encryptionKeys'], use: string) =>
      [...keys]
        .filter(([, one]) => one.agency === code)
        .map(([kid, one]) => ({
          ...{ kid, use, state: isBarred(book, 'key', kid) ? 'barred' : one.state },
          until: BigInt(('until' in one && one.until) || 0),
        }));
    return {
      ...{ code, legalEntity: agency.legal_entity, nameVi: agency.name_vi, nameEn: agency.name_en, byOfficers: true },
      barred: isBarred(book, 'agency', code),
      certificates: certificates.map(({ fingerprint, notAfter }) => ({
        ...{ fingerprint, notAfter: BigInt(notAfter), barred: isBarred(book, 'certificate', fingerprint) },
      })),
      keys: [...keysOf(book.keys, 'sig'), ...keysOf(book.encryptionKeys, 'enc')],
    };
  });
  return [...own, ...admitted].sort((a, b) => ((a.code ?? '') < (b.code ?? '') ? -1 : 1));
}

/** By code. */
export function issuersOf(book: ActBook): MessageInitShape<typeof IssuerSchema>[] {
  const issuers = [...book.issuers.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  return issuers.map(({ code, legal_entity, name_vi, name_en, state }) => ({
    ...{ code, legalEntity: legal_entity, nameVi: name_vi, nameEn: name_en },
    state: isBarred(book, 'issuer', code) ? 'barred' : state,
    keys: [...book.issuerKeys]
      .filter(([, one]) => one.issuer === code)
      .map(([kid, { until }]) => ({
        ...{ kid, state: isBarred(book, 'key', kid) ? 'barred' : 'active', until: BigInt(until ?? 0) },
      })),
  }));
}

async function readTables(db: Database, book: ActBook): Promise<Entry[]> {
  const { rows: agencies } = await db.query<Record<'code' | 'legal_entity' | 'name_vi' | 'name_en' | 'status', string>>(
    'SELECT code, legal_entity, name_vi, name_en, status FROM agency',
  );
  const { rows: certificates } = await db.query<{ fingerprint: string; agency: string; until: number; status: string }>(
    `SELECT fingerprint, agency, extract(epoch FROM not_after)::float8 AS until, status FROM agency_certificate
     ORDER BY fingerprint`,
  );
  const { rows: keys } = await db.query<{ kid: string; agency: string; state: string; use: string }>(
    `SELECT kid, agency, state, 'sig' AS use FROM agency_key
     UNION ALL SELECT kid, agency, state, 'enc' FROM agency_encryption_key ORDER BY use DESC, kid`,
  );
  return agencies.map(({ code, legal_entity, name_vi, name_en, status }) => ({
    ...{ code, legalEntity: legal_entity, nameVi: name_vi, nameEn: name_en, byOfficers: false },
    barred: status !== 'active' || isBarred(book, 'agency', code),
    certificates: certificates
      .filter(({ agency }) => agency === code)
      .map(({ fingerprint, until, status: own }) => ({
        ...{ fingerprint, notAfter: BigInt(Math.floor(until)) },
        barred: own !== 'active' || isBarred(book, 'certificate', fingerprint),
      })),
    keys: keys
      .filter(({ agency }) => agency === code)
      .map(({ kid, use, state }) => ({ kid, use, state: isBarred(book, 'key', kid) ? 'barred' : state })),
  }));
}

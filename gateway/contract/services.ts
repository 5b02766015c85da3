import type { DescService } from '@bufbuild/protobuf';
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ConsentService } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** Every service of the contract, and whether its calls carry signatures: all, none, or the methods named. */
export const SERVICES: readonly { readonly service: DescService; readonly signed: boolean | readonly string[] }[] = [
  { service: PersonService, signed: true },
  { service: VerificationService, signed: true },
  { service: ConsentService, signed: true },
  { service: AdminService, signed: true },
  { service: ServerService, signed: false },
  { service: AuditService, signed: ['ListAccesses'] },
];

/** The rights table as rows: the docs print them, and tests walk through every one. */

import type { Operation, Role } from 'mini-chat/protocol';
import { rights, roomKinds, type RoomKind } from '../../server/policy.ts';

export interface RightsRow {
  readonly role: Role;
  readonly kind: RoomKind;
  readonly operation: Operation;
  readonly isAllowed: boolean;
}

const roles: readonly Role[] = ['guest', 'member', 'moderator', 'admin'];
const operations: readonly Operation[] = [
  'join',
  'history',
  'message',
  'edit',
  'delete',
  'react',
  'pin',
  'notice',
  'moderate',
];

/** Every cell of role × room kind × operation. */
export const rightsMatrix: readonly RightsRow[] = roles.flatMap((role) =>
  roomKinds.flatMap((kind) =>
    operations.map((operation) => {
      const isAllowed = rights[role][kind].includes(operation);
      return { role, kind, operation, isAllowed };
    }),
  ),
);

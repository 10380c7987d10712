/** The copy of `ws` that mini-chat itself uses, so that the baselines run on the same version. */

import { createRequire } from 'node:module';

const fromServer = createRequire(new URL('../../server/package.json', import.meta.url));
const ws = fromServer('ws') as typeof import('ws');

export const { WebSocket, WebSocketServer } = ws;

/** What kind of MongoDB this is, and whether it can keep the contract. */

import type { Document, MongoClient, MongoOptions } from 'mongodb';

/** What the store has to know of the server behind the url. */
export interface Topology {
  readonly hasChangeStreams: boolean;
}

/**
 * Rejects, with one sentence, when the server cannot keep what it acknowledged; `acceptsWeak` lets
 * it pass. A look at facts, not at names: whatever behaves like MongoDB is MongoDB.
 */
export async function checkTopology(client: MongoClient, acceptsWeak: boolean): Promise<Topology> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const isSet = typeof hello['setName'] === 'string';
  const isSharded = hello['msg'] === 'isdbgrid';
  const weakness = weaknessOf(hello) ?? (await storageWeakness(client));
  if (weakness !== undefined && !acceptsWeak) {
    throw new Error(`MongoDB is refused: ${weakness} (--accept-weak-mongo takes it all the same).`);
  }
  return { hasChangeStreams: isSet || isSharded };
}

function weaknessOf(hello: Document): string | undefined {
  if (hello['isWritablePrimary'] !== true) {
    return 'the url leads to a server that is no primary; name the replica set instead';
  }
  if (typeof hello['logicalSessionTimeoutMinutes'] !== 'number') {
    return 'it has no sessions, so a failed write could not be looked up reliably';
  }
  return undefined;
}

/** Only where the user may ask; most hosted databases do not let it. */
async function storageWeakness(client: MongoClient): Promise<string | undefined> {
  try {
    const status = await client.db('admin').command({ serverStatus: 1 });
    const engine: unknown = status['storageEngine'];
    const isLost = isObject(engine) && engine['persistent'] === false;
    return isLost ? 'its storage engine keeps data in memory only' : undefined;
  } catch {
    // Nothing is lost: who may not ask is a user without this right, not a weak server.
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Where messages are kept, without user and password. */
export function placeOf(options: MongoOptions, database: string): string {
  const hosts = options.srvHost ?? options.hosts.map(String).join(', ');
  return `MongoDB at ${hosts}, database ${database}`;
}

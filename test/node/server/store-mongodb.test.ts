import { after } from 'node:test';

import { openMongoStore } from '../../../server/store-mongodb.ts';
import { databaseUrl, startMongo } from '../../support/mongo.ts';
import { storeConformance } from '../../support/store-conformance.ts';

const mongo = await startMongo();
after(() => mongo.close());

storeConformance('MongoDB', (data) => openMongoStore({ url: databaseUrl(mongo.url, data) }), {
  isDurable: true,
  isShared: true,
});

/** Every bench there is, in the order in which the report shows them. */

import type { Bench } from './bench.ts';
import { fanOut } from './fan-out.bench.ts';
import { writePath } from './write-path.bench.ts';

export const benches: readonly Bench[] = [fanOut, writePath];

/** Every bench there is, in the order in which the report shows them. */

import type { Bench } from './bench.ts';
import { element } from './element.bench.ts';
import { fanOut } from './fan-out.bench.ts';
import { idle } from './idle.bench.ts';
import { manyNodes } from './many-nodes.bench.ts';
import { read } from './read.bench.ts';
import { resume } from './resume.bench.ts';
import { slowReaders } from './slow-readers.bench.ts';
import { writePath } from './write-path.bench.ts';

export const benches: readonly Bench[] = [
  fanOut,
  slowReaders,
  writePath,
  read,
  resume,
  idle,
  manyNodes,
  element,
];

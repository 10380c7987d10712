import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Status } from '../../../component/client/client.ts';
import {
  BLIP_MS,
  GONE_MS,
  PATIENCE_MS,
  RECONNECTED_MS,
  StatusLine,
} from '../../../component/element/status-line.ts';

/** A line and its clock: each step is the status and the milliseconds until the next step. */
function words(...steps: readonly (readonly [Status | 'unsaved', number])[]): readonly string[] {
  const line = new StatusLine();
  let now = 1_000_000;
  return steps.map(([status, ms]) => {
    const isUnsaved = status === 'unsaved';
    const { word = '' } = line.next({ status: isUnsaved ? 'live' : status, isUnsaved }, now);
    now += ms;
    return word;
  });
}

describe('StatusLine', () => {
  it('says nothing while all is well', () => {
    assert.deepEqual(words(['live', 5000], ['live', 5000]), ['', '']);
  });

  it('says nothing of a break that is over at once', () => {
    assert.deepEqual(words(['live', 1], ['offline', BLIP_MS - 1], ['live', 1]), ['', '', '']);
  });

  it('says that it connects, and after a while that there is no connection', () => {
    assert.deepEqual(
      words(['connecting', BLIP_MS], ['connecting', PATIENCE_MS], ['connecting', 1]),
      ['', 'connecting', 'offline'],
    );
  });

  it('says nothing of being back to a reader who saw no break', () => {
    assert.deepEqual(words(['connecting', BLIP_MS], ['connecting', 9], ['live', 1]), [
      '',
      'connecting',
      '',
    ]);
  });

  it('says for a while that a message is gone, once there is a connection', () => {
    const line = new StatusLine();
    const wordAt = (status: Status, now: number): string =>
      line.next({ status, isUnsaved: false }, now).word ?? '';

    line.lose(1000);

    assert.deepEqual(
      [wordAt('connecting', 1000), wordAt('live', 1001), wordAt('live', 1000 + GONE_MS)],
      ['', 'lineGone', ''],
    );
  });

  it('says offline through each attempt to connect, until it is live again', () => {
    assert.deepEqual(
      words(
        ['live', 1],
        ['offline', BLIP_MS],
        ['offline', 500],
        ['connecting', 500],
        ['offline', 500],
        ['live', RECONNECTED_MS],
        ['live', 1],
      ),
      ['', '', 'offline', 'offline', 'offline', 'reconnected', ''],
    );
  });

  it('leaves a refusal to others', () => {
    assert.deepEqual(words(['live', 1], ['offline', BLIP_MS], ['offline', 1], ['refused', 9999]), [
      '',
      '',
      'offline',
      '',
    ]);
  });

  it('speaks of unsaved drafts only when they wait', () => {
    assert.deepEqual(
      words(['unsaved', 10], ['live', 10], ['unsaved', BLIP_MS], ['unsaved', 1], ['live', 1]),
      ['', '', '', 'unsaved', ''],
    );
  });

  it('says when it has something else to say', () => {
    const line = new StatusLine();

    const first = line.next({ status: 'connecting', isUnsaved: false }, 0);
    const second = line.next({ status: 'connecting', isUnsaved: false }, BLIP_MS);
    const third = line.next({ status: 'connecting', isUnsaved: false }, PATIENCE_MS);

    assert.deepEqual(
      [first.wakeAt, second.wakeAt, third.wakeAt],
      [BLIP_MS, PATIENCE_MS, undefined],
    );
  });
});

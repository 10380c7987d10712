import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GUEST_TOKEN_MS, GuestKeys } from '../../../server/guest-keys.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';

describe('GuestKeys', () => {
  it('are made once and kept in the store', async () => {
    const store = openMemoryStore();

    const first = await (await GuestKeys.open(store, () => 0)).newest();
    const second = await (await GuestKeys.open(store, () => 0)).newest();

    assert.equal(first.kid, second.kid);
    assert.equal(first.secret.symmetricKeySize, 32);
  });

  it("rotate when a key has signed for a token's life; the old one still verifies", async () => {
    let now = 0;
    const keys = await GuestKeys.open(openMemoryStore(), () => now);
    const old = await keys.newest();

    now += GUEST_TOKEN_MS;
    const fresh = await keys.newest();

    assert.notEqual(fresh.kid, old.kid);
    assert.equal((await keys.find(old.kid))?.kid, old.kid);
    now += GUEST_TOKEN_MS;
    await keys.newest();
    assert.equal(await keys.find(old.kid), undefined);
  });

  it('follow a rotation by another node, asking the store at most every ten seconds', async () => {
    let now = 0;
    const store = openMemoryStore();
    const [one, other] = [
      await GuestKeys.open(store, () => now),
      await GuestKeys.open(store, () => now),
    ];
    now += GUEST_TOKEN_MS;
    const fresh = await other.newest();

    assert.equal((await one.find(fresh.kid))?.kid, fresh.kid);
    let swaps = 0;
    const { swap } = store;
    store.swap = (...args) => {
      swaps += 1;
      return swap.call(store, ...args);
    };
    for (let i = 0; i < 100; i += 1) await one.find(`unknown-${i}`);

    assert.equal(swaps, 0);
  });

  it('agree on one ring when two nodes rotate at once', async () => {
    let now = 0;
    const store = openMemoryStore();
    const [one, other] = [
      await GuestKeys.open(store, () => now),
      await GuestKeys.open(store, () => now),
    ];
    now += GUEST_TOKEN_MS;

    const [a, b] = await Promise.all([one.newest(), other.newest()]);

    assert.equal(a.kid, b.kid);
  });

  it('refuse to start on a damaged ring', async () => {
    const store = openMemoryStore();
    await store.swap('guest-keys', undefined, '[]');

    await assert.rejects(
      GuestKeys.open(store, () => 0),
      /no usable ring/,
    );
  });
});

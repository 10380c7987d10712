import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { variableOf, flagOf } from '../../../server/config.ts';
import { settings, type Setting, type SettingName } from '../../../server/settings.ts';

const names = Object.keys(settings) as SettingName[];

describe('settings', () => {
  it('have a default that their own parser takes back', () => {
    for (const name of names) {
      const { fallback, parse }: Setting<unknown> = settings[name];
      if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) continue;
      const text = Array.isArray(fallback) ? fallback.join(',') : `${fallback as string | number}`;
      assert.deepEqual(parse(text), fallback, name);
    }
  });

  it('have flags and variables made from their names', () => {
    assert.equal(flagOf('jwtKeyFile'), '--jwt-key-file');
    assert.equal(variableOf('jwtKeyFile'), 'MINI_CHAT_JWT_KEY_FILE');
  });

  it('name a unit or a maximum last in every limit', () => {
    for (const name of names) {
      if (settings[name].group === 'Limits') assert.match(name, /(Ms|Max)$/);
    }
  });

  it('can each be lifted', () => {
    for (const name of names) {
      const row: Setting<unknown> = settings[name];
      if (row.group === 'Limits') assert.equal(row.parse('2000000000'), 2_000_000_000, name);
    }
  });
});

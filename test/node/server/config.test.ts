import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  configWith,
  ConfigError,
  flagOf,
  helpText,
  readCommand,
  variableOf,
} from '../../../server/config.ts';
import { settings, type Config, type SettingName } from '../../../server/settings.ts';

const served = (args: readonly string[], environment = {}): Config => {
  const command = readCommand(args, environment);
  assert.ok(command.name === 'serve');
  return command.config;
};

const refusalOf = (args: readonly string[], environment = {}): string => {
  try {
    readCommand(args, environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.ok(!error.message.includes('\n'));
    return error.message;
  }
  return assert.fail('was accepted');
};

describe('config', () => {
  it('takes flags over variables over defaults', () => {
    assert.equal(served([]).port, 8888);
    assert.equal(served([], { MINI_CHAT_PORT: '1' }).port, 1);
    assert.equal(served(['--port', '2'], { MINI_CHAT_PORT: '1' }).port, 2);
    assert.equal(served(['--port=3']).port, 3);
    assert.equal(served([], { MINI_CHAT_PORT: '' }).port, 8888);
  });

  it('names the nearest flag for an unknown one', () => {
    assert.equal(refusalOf(['--prot', '1']), '--prot: there is no such flag; did you mean --port?');
    assert.match(refusalOf(['--mongodb', 'x']), /did you mean --mongo\?/);
    assert.match(refusalOf(['extra']), /^extra: there is no such flag/);
    assert.match(refusalOf(['--__proto__', 'x']), /there is no such flag/);
  });

  it('names the flag or the variable whose value is bad, and what it wants', () => {
    assert.equal(refusalOf(['--port', 'x']), '--port: must be a whole number from 0 to 65535');
    assert.match(refusalOf([], { MINI_CHAT_PORT: '70000' }), /^MINI_CHAT_PORT: must be/);
    assert.match(refusalOf(['--guests', 'maybe']), /^--guests: must be one of on, read-only, off/);
    assert.match(refusalOf(['--origins', 'example.org']), /^--origins: must list origins/);
    assert.match(refusalOf(['--private', 'Vip']), /^--private: must list room ids/);
    assert.match(refusalOf(['--jwks', 'ftp://x']), /^--jwks: must be an http/);
    assert.match(refusalOf(['--mongo', 'mysql://x']), /^--mongo: must start with mongodb/);
    assert.match(refusalOf(['--memory=constructor']), /^--memory: must be on or off/);
    assert.equal(refusalOf(['--port']), '--port: a value must follow');
  });

  it('reads lists, bare flags and counts', () => {
    const config = served(['--origins', 'https://A.example, https://*.b.example', '--memory']);

    assert.deepEqual(config.origins, ['https://a.example', 'https://*.b.example']);
    assert.equal(config.memory, true);
    assert.equal(served(['--trust-proxy']).trustProxy, 1);
    assert.equal(served(['--trust-proxy=2']).trustProxy, 2);
    assert.deepEqual(served(['--read-only', 'news,announce-*']).readOnly, ['news', 'announce-*']);
  });

  it('refuses two stores or two keys, but lets a flag override a variable', () => {
    const key = { MINI_CHAT_JWT_KEY: 'x'.repeat(32) };
    assert.match(refusalOf(['--memory', '--data', 'x']), /cannot be used together/);
    assert.match(
      refusalOf([], { MINI_CHAT_JWKS: 'https://x', ...key }),
      /^MINI_CHAT_JWKS: cannot be used together with MINI_CHAT_JWT_KEY/,
    );
    const config = served(['--data', 'x'], { MINI_CHAT_MONGO: 'mongodb://x' });
    assert.deepEqual([config.data, config.mongo], ['x', undefined]);
  });

  it('never takes a secret from the command line', () => {
    assert.match(refusalOf(['--jwt-key', 'x']), /there is no such flag/);
    assert.equal(served([], { MINI_CHAT_JWT_KEY: 'secret' }).jwtKey, 'secret');
  });

  it('prints every setting in its help', () => {
    const help = helpText();

    for (const name of Object.keys(settings) as SettingName[]) {
      const shown = name === 'jwtKey' ? variableOf(name) : flagOf(name);
      assert.ok(help.includes(`  ${shown} `), shown);
    }
    assert.equal(readCommand(['--help'], {}).name, 'help');
    assert.equal(readCommand(['--version'], {}).name, 'version');
  });

  it('reads what the token command is told', () => {
    const command = readCommand(['token', '--sub', 'ann', '--name=Ann', '--ttl', '5m'], {});

    assert.ok(command.name === 'token');
    assert.deepEqual(command.claims, { sub: 'ann', name: 'Ann', ttl: '5m' });
    assert.match(refusalOf(['token']), /^--sub:/);
    assert.match(refusalOf(['--sub', 'ann']), /^--sub: there is no such flag/);
  });

  it('fills what a program leaves out with the defaults', () => {
    assert.deepEqual(configWith({ port: 1 }), { ...served([]), port: 1 });
  });
});

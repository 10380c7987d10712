/** The README's recipes for tokens, run as printed wherever their language is here. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { Auth } from '../../server/auth.ts';
import type { GuestKeys } from '../../server/guest-keys.ts';
import { readHostKey } from '../../server/host-key.ts';
import { onPath } from '../support/browsers.ts';
import { fencesOf } from '../support/markdown.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const KEY = 'a secret that is not one, but long enough';

interface Language {
  readonly fence: string;
  readonly file: string;
  readonly program: (file: string) => readonly string[];
  readonly before: string;
  readonly after: string;
}

const goImports = [
  'crypto/hmac',
  'crypto/sha256',
  'encoding/base64',
  'encoding/json',
  'os',
  'time',
];

const languages: readonly Language[] = [
  {
    fence: 'js',
    file: 'token.mjs',
    program: (file) => [process.execPath, file],
    before: '',
    after: `process.stdout.write(chatToken('42', 'Grace'));`,
  },
  {
    fence: 'php',
    file: 'token.php',
    program: (file) => ['php', file],
    before: '<?php',
    after: `echo chat_token('42', 'Grace');`,
  },
  {
    fence: 'python',
    file: 'token.py',
    program: (file) => ['python3', file],
    before: '',
    after: `print(chat_token("42", "Grace"), end="")`,
  },
  {
    fence: 'ruby',
    file: 'token.rb',
    program: (file) => ['ruby', file],
    before: '',
    after: `print chat_token('42', 'Grace')`,
  },
  {
    fence: 'go',
    file: 'token.go',
    program: (file) => ['go', 'run', file],
    before: `package main\nimport (${goImports.map((one) => `"${one}"`).join('; ')})`,
    after: `func main() { os.Stdout.WriteString(chatToken("42", "Grace")) }`,
  },
];

describe('a token in ten lines', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-recipes-'));
  const fences = fencesOf(readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
  const recipes = fences.filter(({ heading }) => heading === 'A token in ten lines');
  after(() => rmSync(folder, { recursive: true }));

  for (const { fence, file, program, before, after: end } of languages) {
    const recipe = recipes.find(({ language }) => language === fence);

    test(`${fence} takes ten lines or fewer`, () => {
      assert.ok(recipe !== undefined);
      assert.ok(recipe.text.split('\n').filter((line) => line.trim() !== '').length <= 10);
    });

    const [command = ''] = program(file);
    if (!path.isAbsolute(command) && onPath(command) === undefined) continue;

    test(`${fence} makes a token that the server accepts`, async () => {
      const to = path.join(folder, file);
      writeFileSync(to, `${before}\n${recipe?.text}\n${end}\n`);

      const [name = '', ...args] = program(to);
      const env = { ...process.env, MINI_CHAT_JWT_KEY: KEY };
      const token = execFileSync(name, args, { env, encoding: 'utf8' });

      const { user } = await auth().verify(token);
      assert.deepEqual(user, { id: 'u_42', name: 'Grace', role: 'member' });
    });
  }
});

/** Only the host's key is asked for here; guests have no part in it. */
function auth(): Auth {
  const hostKey = readHostKey(KEY, 'test');
  const guestKeys = {} as GuestKeys;
  return new Auth({ guestKeys, hostKey, audience: 'mini-chat', now: Date.now });
}

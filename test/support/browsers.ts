/**
 * Which browsers are here, and how to get one that is not. Finding never installs; installing never
 * asks. `ENGINES=chromium,firefox` chooses the engines of a run, CHROME_PATH and FIREFOX_PATH their
 * files.
 */

import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** The three engines that pages are shown with; tests run in each that is here. */
const engines = ['chromium', 'firefox', 'webkit'] as const;
export type Engine = (typeof engines)[number];

interface Place {
  /** Says where the file is when it is nowhere usual. */
  readonly variable: string;
  /** Names to look for on PATH, best first. */
  readonly names: readonly string[];
  /** Files outside PATH, for macOS. */
  readonly files: readonly string[];
  /** Debian packages that bring it. */
  readonly debian: readonly string[];
}

const places: Record<Engine, Place> = {
  chromium: {
    variable: 'CHROME_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    files: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    debian: ['chromium'],
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    names: ['firefox-esr', 'firefox'],
    files: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: ['firefox-esr'],
  },
  webkit: {
    variable: 'WEBKIT_DRIVER_PATH',
    names: ['WebKitWebDriver'],
    files: [],
    debian: ['webkit2gtk-driver', 'xvfb'],
  },
};

/** The engines this run is about: ENGINES, or all. Throws for a name that is none. */
export function wantedEngines(): readonly Engine[] {
  const given = process.env['ENGINES'];
  if (given === undefined || given === '') return engines;
  return given.split(',').map((name) => {
    const engine = engines.find((known) => known === name.trim());
    if (engine === undefined) throw new Error(`ENGINES: "${name}" is not ${engines.join(', ')}.`);
    return engine;
  });
}

/** The file to start an engine with (for WebKit, its driver), or undefined if it is not here. */
export async function findBrowser(engine: Engine): Promise<string | undefined> {
  const { variable, names, files } = places[engine];
  const told = process.env[variable];
  if (told !== undefined && told !== '') return told;
  if (engine === 'webkit' && !hasScreen()) return undefined;
  const found = names.map(onPath).find(Boolean) ?? files.find((file) => existsSync(file));
  return found ?? (engine === 'chromium' ? await playwrightChromium() : undefined);
}

/** WebKitGTK has no headless mode: it needs a display, its own or a virtual one. */
export function hasScreen(): boolean {
  return Boolean(process.env['DISPLAY']) || onPath('Xvfb') !== undefined;
}

/** Where a program of this name is, as the shell would find it. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((dir) => dir !== '');
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** Tries to get engines, all in one go. What could not be had is simply not found afterwards. */
export async function installBrowsers(missing: readonly Engine[]): Promise<void> {
  if (missing.length === 0) return;
  if (isDebian() && process.getuid?.() === 0) {
    await installPackages(missing.flatMap((engine) => places[engine].debian));
  }
  if (!missing.includes('chromium') || (await findBrowser('chromium')) !== undefined) return;
  await run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']);
}

/** What a person does where installing did not work. */
export function adviceFor(engine: Engine): string {
  const { variable, debian } = places[engine];
  return `install it (Debian: apt-get install ${debian.join(' ')}) or set ${variable}`;
}

async function playwrightChromium(): Promise<string | undefined> {
  const { chromium } = await import('playwright-core');
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}

async function installPackages(packages: readonly string[]): Promise<void> {
  const options = ['-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];
  // Fonts: without one that has emoji and CJK, widths and screenshots differ between machines.
  const wanted = [...packages, 'fonts-dejavu-core', 'fonts-noto-color-emoji'];
  if (!(await run('apt-get', ['update', '-qq']))) return;
  await run('apt-get', ['install', ...options, ...wanted]);
}

function isDebian(): boolean {
  return onPath('apt-get') !== undefined && /debian/.test(osRelease());
}

function osRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the caller looks further either way.
    return false;
  }
}

/** Runs an installer; its words are shown only when it fails. */
async function run(command: string, args: readonly string[]): Promise<boolean> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: INSTALL_MS_MAX, maxBuffer: WORDS_MAX };
  try {
    await promisify(execFile)(command, args, options);
    return true;
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    process.stderr.write(`${command} ${args.join(' ')} failed:\n${tail(stderr ?? String(error))}`);
    return false;
  }
}

/** A browser's packages are some 100 MB. */
const INSTALL_MS_MAX = 10 * 60_000;
const WORDS_MAX = 2 ** 24;

function tail(text: string): string {
  return `${text.trim().split('\n').slice(-5).join('\n')}\n`;
}

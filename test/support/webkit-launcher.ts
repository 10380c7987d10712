/**
 * Runs @web/test-runner pages in WebKitGTK: WebKitWebDriver over fetch, in a virtual screen where
 * there is none. One browser window; sessions take turns (`concurrency` 1). The runner's commands
 * know three kinds of launchers; this one offers what they use of a `playwright` page.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { hasScreen } from './browsers.ts';

/** The driver needs about a second here, and more where all else starts, too. */
const START_MS_MAX = 60_000;
const TRIES_MAX = 3;

interface Answer {
  readonly value: unknown;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The launcher for web-test-runner.config.mjs. `driver` is WebKitWebDriver's file. */
export class WebkitLauncher {
  readonly name = 'Webkit';
  readonly type = 'playwright';
  readonly concurrency = 1;
  readonly #driver: string;
  #processes: ChildProcess[] = [];
  #base = '';
  #active: string | undefined;
  #starting: Promise<void> | undefined;

  constructor(driver: string) {
    this.#driver = driver;
  }

  async startSession(sessionId: string, url: string): Promise<void> {
    this.#starting ??= this.#start();
    await this.#starting;
    this.#active = sessionId;
    await this.#call('POST', '/url', { url });
  }

  isActive(sessionId: string): boolean {
    return this.#active === sessionId;
  }

  async getBrowserUrl(): Promise<string> {
    return String((await this.#call('GET', '/url')).value);
  }

  async stopSession(): Promise<Record<never, never>> {
    this.#active = undefined;
    await this.#call('POST', '/url', { url: 'about:blank' });
    return {};
  }

  async startDebugSession(): Promise<void> {
    throw new Error('Debugging is not supported in WebKit here; open the page in MiniBrowser.');
  }

  async stop(): Promise<void> {
    if (this.#base !== '') await this.#call('DELETE', '');
    for (const child of this.#processes.toReversed()) child.kill();
    this.#processes = [];
  }

  /** Runs the body of a function in the page, and resolves with what it returns. */
  async execute(script: string): Promise<unknown> {
    return (await this.#call('POST', '/execute/sync', { script, args: [] })).value;
  }

  /** What @web/test-runner-commands calls on a page: keys, mouse, viewport. */
  getPage() {
    return {
      keyboard: {
        type: (text: string) => this.#keys([...text].flatMap(stroke)),
        press: (key: string) => this.#keys(stroke(key)),
        down: (key: string) => this.#keys([{ type: 'keyDown', value: keyOf(key) }]),
        up: (key: string) => this.#keys([{ type: 'keyUp', value: keyOf(key) }]),
      },
      mouse: {
        move: (x: number, y: number) => this.#mouse([moveTo(x, y)]),
        down: (options: Button) => this.#mouse([buttonOf('pointerDown', options)]),
        up: (options: Button) => this.#mouse([buttonOf('pointerUp', options)]),
        click: (x: number, y: number, options: Button) =>
          this.#mouse([
            moveTo(x, y),
            buttonOf('pointerDown', options),
            buttonOf('pointerUp', options),
          ]),
      },
      setViewportSize: (size: Size) => this.#resize(size),
      emulateMedia: () => {
        throw new Error('WebKitGTK cannot emulate media; guard this test by engine.');
      },
    };
  }

  /** The window has a frame and a bar: ask for the difference, then for the window. */
  async #resize(size: Size): Promise<void> {
    const script = 'return [outerWidth - innerWidth, outerHeight - innerHeight]';
    const [dx, dy] = (await this.execute(script)) as [number, number];
    await this.#call('POST', '/window/rect', { width: size.width + dx, height: size.height + dy });
  }

  async #keys(actions: readonly object[]): Promise<void> {
    await this.#act({ type: 'key', id: 'keys', actions });
  }

  async #mouse(actions: readonly object[]): Promise<void> {
    await this.#act({
      type: 'pointer',
      id: 'mouse',
      parameters: { pointerType: 'mouse' },
      actions,
    });
  }

  async #act(source: object): Promise<void> {
    await this.#call('POST', '/actions', { actions: [source] });
  }

  async #start(): Promise<void> {
    const display = process.env['DISPLAY'] || (await this.#startScreen());
    const port = await this.#startDriver(display);
    const response = await fetch(`http://127.0.0.1:${port}/session`, {
      method: 'POST',
      body: JSON.stringify({ capabilities: CAPABILITIES }),
    });
    const { value } = (await response.json()) as { value: { sessionId?: string } };
    if (value.sessionId === undefined) throw new Error(`WebKit: ${JSON.stringify(value)}`);
    this.#base = `http://127.0.0.1:${port}/session/${value.sessionId}`;
    await this.#call('POST', '/window/rect', { width: 816, height: 720 });
  }

  /** Resolves with its port. One that was free may be taken before the driver is there. */
  async #startDriver(display: string): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const env = { ...process.env, DISPLAY: display };
      const driver = this.#spawn(this.#driver, [`--port=${port}`], env);
      try {
        await answers(`http://127.0.0.1:${port}/status`, driver);
        return port;
      } catch (error) {
        driver.kill();
        if (tries === TRIES_MAX) throw error;
      }
    }
  }

  async #startScreen(): Promise<string> {
    if (!hasScreen()) throw new Error('WebKit needs a display: apt-get install xvfb');
    const args = ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
    const child = this.#spawn('Xvfb', args, process.env);
    const [number] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    return `:${number.toString().trim()}`;
  }

  #spawn(file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout?.resume();
    this.#processes.push(child);
    return child;
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.#base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`WebKit ${method} ${path}: ${JSON.stringify(answer.value)}`);
    return answer;
  }
}

const CAPABILITIES = {
  alwaysMatch: { 'webkitgtk:browserOptions': { args: ['--automation'] } },
};

const BUTTONS: ReadonlyMap<string, number> = new Map([
  ['left', 0],
  ['middle', 1],
  ['right', 2],
]);

/** WebDriver's code points for keys without a character (W3C WebDriver, section 17.4.2). */
const KEYS: ReadonlyMap<string, string> = new Map([
  ['Backspace', '\ue003'],
  ['Tab', '\ue004'],
  ['Enter', '\ue007'],
  ['Shift', '\ue008'],
  ['Control', '\ue009'],
  ['Alt', '\ue00a'],
  ['Escape', '\ue00c'],
  ['Space', ' '],
  ['PageUp', '\ue00e'],
  ['PageDown', '\ue00f'],
  ['End', '\ue010'],
  ['Home', '\ue011'],
  ['ArrowLeft', '\ue012'],
  ['ArrowUp', '\ue013'],
  ['ArrowRight', '\ue014'],
  ['ArrowDown', '\ue015'],
  ['Delete', '\ue017'],
]);

interface Button {
  readonly button?: string;
}

function stroke(key: string): object[] {
  return [
    { type: 'keyDown', value: keyOf(key) },
    { type: 'keyUp', value: keyOf(key) },
  ];
}

function keyOf(name: string): string {
  return KEYS.get(name) ?? name;
}

function moveTo(x: number, y: number): object {
  return { type: 'pointerMove', duration: 0, x, y };
}

function buttonOf(type: 'pointerDown' | 'pointerUp', { button }: Button): object {
  return { type, button: BUTTONS.get(button ?? 'left') ?? 0 };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}

/** Resolves when it answers. Rejects when it has ended, or does not come. */
async function answers(url: string, driver: ChildProcess): Promise<void> {
  const until = performance.now() + START_MS_MAX;
  for (;;) {
    try {
      await fetch(url);
      if (driver.exitCode === null) return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (driver.exitCode !== null) throw new Error(`The driver ended with ${driver.exitCode}.`);
    await wait(100);
  }
}

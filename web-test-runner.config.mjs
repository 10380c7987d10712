/** Browser tests: test/browser/*.test.ts in every engine that is here, or in those of ENGINES. */

import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';

import { browserReporter } from './test/support/browser-reporter.ts';
import { findBrowser, wantedEngines } from './test/support/browsers.ts';
import { WebkitLauncher } from './test/support/webkit-launcher.ts';

const launchers = {
  chromium: (executablePath) => {
    // No sandbox: tests also run as root, in containers, on pages that we wrote ourselves.
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    // One page at a time: a page behind another one has no frames, and sees no resize.
    const launcher = chromeLauncher({ launchOptions: { executablePath, args }, concurrency: 1 });
    launcher.name = 'Chromium';
    return launcher;
  },
  firefox: (executablePath) =>
    puppeteerLauncher({ launchOptions: { browser: 'firefox', executablePath } }),
  webkit: (driver) => new WebkitLauncher(driver),
};

const browsers = [];
for (const engine of wantedEngines()) {
  const file = await findBrowser(engine);
  if (file !== undefined) browsers.push(launchers[engine](file));
}

export default {
  files: 'test/browser/**/*.test.ts',
  browsers,
  // One page per engine at a time: only the page in front has focus and frames.
  concurrency: 1,
  concurrentBrowsers: 2,
  nodeResolve: { exportConditions: ['source', 'development'], extensions: ['.ts', '.mjs', '.js'] },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  reporters: [browserReporter()],
  // What hangs is found all the same, and a slow machine with three engines at work is no fault.
  testFramework: { config: { timeout: 30_000 } },
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 480_000,
  staticLogging: true,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
};

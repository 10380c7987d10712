/**
 * What @web/test-runner found, for a person (failures in full, one line per engine) and for
 * test/run.ts (counts as JSON in the file that BROWSER_RESULTS names).
 */

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { type Counts, noCounts } from './counts.ts';

interface Failure {
  readonly message: string;
  readonly stack?: string;
}

interface Suite {
  readonly suites: readonly Suite[];
  readonly tests: readonly Test[];
  readonly name: string;
}

interface Test {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly error?: Failure;
}

interface Session {
  readonly testFile: string;
  readonly browser: { readonly name: string };
  readonly passed?: boolean;
  readonly errors: readonly Failure[];
  readonly testResults?: Suite;
  readonly logs: readonly (readonly unknown[])[];
}

/** A reporter as web-test-runner.config.mjs wants one. */
export function browserReporter(): object {
  return {
    reportTestFileResults: ({ sessionsForTestFile }: { sessionsForTestFile: Session[] }) => {
      for (const session of sessionsForTestFile) process.stdout.write(wordsOf(session));
    },
    onTestRunFinished: ({ sessions }: { sessions: Session[] }) => {
      const counts = countByEngine(sessions);
      const file = process.env['BROWSER_RESULTS'];
      if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
      for (const [engine, { passed, failed, skipped }] of Object.entries(counts)) {
        process.stdout.write(`${engine}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
      }
    },
  };
}

/** Counts per engine. A file that did not run at all is one failure, not nothing. */
export function countByEngine(sessions: readonly Session[]): Record<string, Counts> {
  const counts: Record<string, Counts> = {};
  for (const session of sessions) {
    const engine = session.browser.name.toLowerCase();
    const before = counts[engine] ?? noCounts;
    const tests = session.testResults === undefined ? [] : testsOf(session.testResults);
    const failed = tests.filter(({ test }) => !test.passed && !test.skipped).length;
    const skipped = tests.filter(({ test }) => test.skipped).length;
    // Errors outside of tests: the file did not load, or something was thrown in between.
    const outside = session.passed === true || failed > 0 ? 0 : 1;
    counts[engine] = {
      passed: before.passed + tests.length - failed - skipped,
      failed: before.failed + failed + outside,
      skipped: before.skipped + skipped,
    };
  }
  return counts;
}

function wordsOf(session: Session): string {
  const tests = session.testResults === undefined ? [] : testsOf(session.testResults);
  const failures = tests
    .filter(({ test }) => !test.passed && !test.skipped)
    .map(({ test, title }) => `  not ok  ${title}\n${detail(test.error)}`);
  const outside = session.passed === true ? [] : session.errors.map((error) => detail(error));
  const logs =
    session.passed === true
      ? []
      : session.logs.map((log) => `    log: ${log.map(String).join(' ')}\n`);
  const file = path.relative(process.cwd(), session.testFile);
  const verdict = session.passed === true ? 'ok' : 'FAILED';
  const head = `${verdict}  ${session.browser.name}  ${file} (${tests.length} tests)\n`;
  return [head, ...failures, ...outside, ...logs].join('');
}

function detail(error: Failure | undefined): string {
  if (error === undefined) return '';
  const lines = [error.message, ...(error.stack ?? '').split('\n')];
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => `    ${line}\n`)
    .join('');
}

interface Titled {
  readonly title: string;
  readonly test: Test;
}

function testsOf(suite: Suite, above: readonly string[] = []): readonly Titled[] {
  const names = suite.name === '' ? above : [...above, suite.name];
  return [
    ...suite.tests.map((test) => ({ test, title: [...names, test.name].join(' › ') })),
    ...suite.suites.flatMap((inner) => testsOf(inner, names)),
  ];
}

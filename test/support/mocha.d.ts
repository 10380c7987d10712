/** The globals of browser tests: @web/test-runner runs mocha, whose types come with no package here. */

type TestBody = (this: { timeout(ms: number): void; skip(): never }) => void | Promise<void>;

interface Define {
  (title: string, body: TestBody): void;
  skip: (title: string, body: TestBody) => void;
}

declare const describe: Define;
declare const it: Define;
declare const before: (body: TestBody) => void;
declare const after: (body: TestBody) => void;
declare const beforeEach: (body: TestBody) => void;
declare const afterEach: (body: TestBody) => void;

/** What is answered over plain HTTP. GET and HEAD only; nothing here reads a body or a cookie. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readDemoFile } from './demo-pages.ts';
import { NOT_BUILT, type ElementFile, type ElementSource } from './element-file.ts';
import type { Logger } from './logger.ts';

/** A listener in the manner of Express: what is not its own, it passes on. */
export type HttpHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: () => void,
) => void;

/** What the files for pages need. */
export interface EmbedOptions {
  readonly element: ElementSource;
  /** What the element loads by itself, by name. */
  readonly loaded: ReadonlyMap<string, ElementSource>;
  /** Words in languages other than English. */
  readonly languages: ElementSource;
  readonly logger: Logger;
  /** Whether what a proxy says of the outer address may be believed. */
  readonly trustsProxy: boolean;
}

/** What a whole server answers besides. */
export interface HttpOptions {
  readonly embed: HttpHandler;
  readonly logger: Logger;
  readonly metrics: () => string;
  /** Whether new visitors should be sent here. */
  readonly isReady: () => Promise<boolean>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

type Route = (request: IncomingMessage) => Promise<Answer> | Answer;

/** Any page may load the element, also one that isolates itself from other origins. */
const forEveryPage = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/**
 * How long a file lives in a browser whose address names the build that it is of; one without is
 * asked for each time, and answered 304. Caches on the way may overlook what follows the `?`, so
 * they ask each time, too.
 */
const FOR_GOOD = 'max-age=31536000, s-maxage=0, immutable';

/** `/mini-chat.js`, the files beside it, `/embed.json`: what pages need, under any prefix. */
export function createEmbedHandler(options: EmbedOptions): HttpHandler {
  const { element, loaded, languages, logger, trustsProxy } = options;
  const withFile =
    (
      source: ElementSource,
      answer: (request: IncomingMessage, file: ElementFile) => Answer,
    ): Route =>
    async (request) => {
      const file = await source.read();
      return file === undefined ? plain(503, `${NOT_BUILT}\n`) : answer(request, file);
    };
  const routes = new Map<string, Route>([
    ['/mini-chat.js', withFile(element, fileAnswer)],
    ['/mini-chat-languages.js', withFile(languages, fileAnswer)],
    [
      '/embed.json',
      async (request) => {
        const url = elementUrl(request, trustsProxy);
        const file = await element.read();
        const loads = await readLoads(loaded, url, file?.build);
        if (!file || !loads) return plain(503, `${NOT_BUILT}\n`);
        return embedAnswer(file, loads, url);
      },
    ],
  ]);
  for (const [name, source] of loaded) routes.set(`/${name}`, withFile(source, fileAnswer));
  return handlerFor((path) => routes.get(path), logger);
}

/** Those, and the demo pages, `/healthz`, `/readyz`, `/metrics`. */
export function createHttpHandler(options: HttpOptions): HttpHandler {
  const { embed, logger, metrics, isReady } = options;
  const routes = new Map<string, Route>([
    ['/healthz', () => plain(200, 'ok\n')],
    [
      '/readyz',
      async () => ((await isReady()) ? plain(200, 'ready\n') : plain(503, 'not ready\n')),
    ],
    ['/metrics', () => plain(200, metrics(), 'text/plain; version=0.0.4; charset=utf-8')],
  ]);
  const own = handlerFor((path) => routes.get(path) ?? (() => pageAnswer(path)), logger);
  return (request, response) => embed(request, response, () => own(request, response));
}

function handlerFor(find: (path: string) => Route | undefined, logger: Logger): HttpHandler {
  return (request, response, next) => {
    const route = find(pathOf(request));
    if (route === undefined) {
      if (next === undefined) respond(request, response, plain(404, 'not found\n'));
      else next();
      return;
    }
    answerWith(route, request, response).catch((error: unknown) => {
      logger.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else respond(request, response, plain(500, 'the server made a mistake\n'));
    });
  };
}

async function answerWith(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const refusal = plain(405, 'GET and HEAD only\n');
    // What else is in its body is not read, so the connection cannot be used again.
    const headers = { ...refusal.headers, Allow: 'GET, HEAD', Connection: 'close' };
    return respond(request, response, { ...refusal, headers });
  }
  respond(request, response, await route(request));
}

function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, headers, body } = answer;
  const length = status === 304 ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers, ...length });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body);
}

function fileAnswer(request: IncomingMessage, file: ElementFile): Answer {
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
  const etag = isZipped ? `"${file.hash}-gzip"` : `"${file.hash}"`;
  const headers = {
    ...forEveryPage,
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': askedBuild(request) === file.build ? FOR_GOOD : 'no-cache',
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (isKnown(request, etag)) return { status: 304, headers, body: '' };
  if (!isZipped) return { status: 200, headers, body: file.bytes };
  return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: file.gzip };
}

/** The `build` of the address, which pages do not write but the element does. */
function askedBuild({ url = '' }: IncomingMessage): string | null {
  return new URLSearchParams(url.split('?')[1]).get('build');
}

function isKnown(request: IncomingMessage, etag: string): boolean {
  const header = request.headers['if-none-match'] ?? '';
  return header.split(',').some((known) => [etag, '*'].includes(known.trim().replace(/^W\//, '')));
}

/** One of the files that the element loads by itself. */
interface Load {
  readonly url: string;
  readonly integrity: string;
}

/** For pages that pin by an import map what the element loads; addresses as this build asks. */
async function readLoads(
  loaded: ReadonlyMap<string, ElementSource>,
  elementAt: string,
  build = '',
): Promise<readonly Load[] | undefined> {
  const loads: Load[] = [];
  for (const [name, source] of loaded) {
    const file = await source.read();
    if (file === undefined) return undefined;
    const url = `${elementAt.replace(/mini-chat\.js$/, name)}?build=${build}`;
    loads.push({ url, integrity: file.integrity });
  }
  return loads;
}

function embedAnswer(file: ElementFile, loads: readonly Load[], url: string): Answer {
  const headers = {
    ...forEveryPage,
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache',
  };
  const { integrity, version } = file;
  const body = `${JSON.stringify({ url, integrity, version, loads })}\n`;
  return { status: 200, headers, body };
}

/** The element's address as the asker sees this server; relative when that cannot be told. */
function elementUrl(request: IncomingMessage, trustsProxy: boolean): string {
  const { headers } = request;
  const outer = (name: string): string | undefined => {
    const value = trustsProxy ? headers[`x-forwarded-${name}`] : undefined;
    return typeof value === 'string' ? value.split(',')[0]?.trim() : undefined;
  };
  const own = 'encrypted' in request.socket ? 'https' : 'http';
  const protocol = outer('proto') === 'https' ? 'https' : own;
  const host = outer('host') ?? headers.host ?? '';
  if (!/^[\w.:[\]-]+$/.test(host)) return 'mini-chat.js';
  // Express and its kin keep here what was asked for before they cut their prefix off.
  const asked = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');
  const path = (asked.split('?')[0] ?? '').replace(/embed\.json$/, 'mini-chat.js');
  return `${protocol}://${host}${path}`;
}

async function pageAnswer(path: string): Promise<Answer> {
  const file = await readDemoFile(path);
  if (file === undefined) return plain(404, 'not found\n');
  const headers = {
    'Content-Type': file.type,
    'Cache-Control': 'no-cache',
    'Referrer-Policy': 'same-origin',
    // Pages bring their own policy for scripts; this one only closes what none of them needs.
    'Content-Security-Policy': "object-src 'none'; base-uri 'self'",
  };
  return { status: 200, headers, body: file.bytes };
}

function plain(status: number, body: string, type = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' }, body };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

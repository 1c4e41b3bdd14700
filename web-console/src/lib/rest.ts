/** Calls of the REST interface; what goes wrong is a {@link ProblemError} with Kafka's name of the error. */
const TIMEOUT_MS = 30_000;

/** Where calls go: the broker that served the page, or the one that the session moved to when that was gone. */
export const broker = { address: '' };

/** What went wrong, in words (RFC 9457). */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly hint: string | null = null,
  ) {
    super(detail);
    this.name = 'ProblemError';
  }

  /** Any failure as a problem. */
  static of(fault: unknown): ProblemError {
    if (fault instanceof ProblemError) return fault;
    const text = fault instanceof Error ? fault.message : String(fault);
    return new ProblemError(0, 'CONSOLE_FAULT', text);
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(broker.address + path, {
      method,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new ProblemError(0, 'NETWORK', `${method} ${path} was not answered.`, 'Is the broker running?');
  }
  const text = await response.text();
  if (!response.ok) throw problem(response, method, path, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function problem(response: Response, method: Method, path: string, text: string): ProblemError {
  try {
    const json = JSON.parse(text) as { code?: string; detail?: string; title?: string; hint?: string };
    return new ProblemError(
      response.status,
      json.code ?? 'UNKNOWN',
      json.detail ?? json.title ?? `${method} ${path} answered ${response.status}.`,
      json.hint ?? null,
    );
  } catch {
    return new ProblemError(response.status, 'UNKNOWN', `${method} ${path} answered ${response.status}.`);
  }
}

export const rest = {
  get: <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: unknown, signal?: AbortSignal) => call<T>('POST', path, body, signal),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: <T = void>(path: string, body?: unknown) => call<T>('DELETE', path, body),
};

/** A path of segments, each encoded, and a query without what is empty. */
export function apiPath(segments: (string | number)[], query: Record<string, string | number | boolean | null> = {}) {
  const path = '/api/v1/' + segments.map((segment) => encodeURIComponent(segment)).join('/');
  const words = Object.entries(query)
    .filter(([, value]) => value !== null && value !== '' && value !== false)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll('%2C', ',').replaceAll('%3A', ':')}`);
  return words.length === 0 ? path : `${path}?${words.join('&')}`;
}

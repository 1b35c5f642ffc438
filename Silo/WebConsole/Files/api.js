// Calls the API of the silo that served the page, with the key of this tab.
import { clock } from './dom.js';

const stored = name => sessionStorage.getItem(`orleansmemory.${name}`) ?? '';
const store = (name, value) => value ? sessionStorage.setItem(`orleansmemory.${name}`, value) : sessionStorage.removeItem(`orleansmemory.${name}`);

export const session = {
  /** The key, for as long as the tab is open; it is sent to this silo and nowhere else. */
  get key() { return stored('key'); },
  set key(value) { store('key', value); },
  /** The tenant that an operator looks at. */
  get tenant() { return stored('tenant'); },
  set tenant(value) { store('tenant', value); },
  /** Who we are, as the silo says: role, tenant, userId, keyName. */
  caller: null,
};

const roles = ['Reader', 'Writer', 'TenantAdministrator', 'Operator'];
export const may = role => session.caller !== null && roles.indexOf(session.caller.role) >= roles.indexOf(role);

/** An error as the API describes it. */
export class ApiError extends Error {
  constructor(status, document, retryAfter = null) {
    super(document.title ?? `The silo answered ${status}`);
    Object.assign(this, { status, retryAfter, title: document.title ?? `The silo answered ${status}`, detail: document.detail, code: document.code, traceId: document.traceId });
  }
}

function headers(more) {
  return {
    ...(session.key ? { Authorization: `Bearer ${session.key}` } : {}),
    ...(session.tenant ? { 'OrleansMemory-Tenant': session.tenant } : {}),
    ...more,
  };
}

async function send(method, path, { body, signal, accept = 'application/json', idempotent = false } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      headers: headers({
        Accept: accept,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(idempotent ? { 'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()).slice(2) } : {}),
      }),
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, { title: 'The silo does not answer', detail: 'It may be stopped, or the network is down. What was shown before may be old.' });
  }
  clock.hear(answer.headers.get('Date'));
  if (!answer.ok) {
    const document = await answer.json().catch(() => ({}));
    signal?.throwIfAborted();
    throw new ApiError(answer.status, document ?? {}, Number(answer.headers.get('Retry-After')) || null);
  }
  return answer;
}

const read = async answer => answer.status === 204 ? null : answer.json();

export const get = async (path, options) => read(await send('GET', path, options));
export const post = async (path, body, options) => read(await send('POST', path, { body, ...options }));
export const put = async (path, body, options) => read(await send('PUT', path, { body, ...options }));
export const patch = async (path, body, options) => read(await send('PATCH', path, { body, ...options }));
export const remove = async (path, options) => read(await send('DELETE', path, options));

/** A path of escaped segments: path('v1', 'conversations', id). */
export const path = (...segments) => segments.map(encodeURIComponent).join('/');

/** A query string of what is given. */
export function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

export const conversationPath = (id, ...rest) => path('v1', 'conversations', id, ...rest);

// A silo says every 15 seconds that it is there, unless it is configured otherwise. What says nothing for so long is opened anew: a connection can be dead and not know it.
const silence = 90000;
const longestPause = 10000;

/**
 * Follows a feed of server-sent events until it is aborted or ends. `onevent(type, data, id)`; `onstate` is told connecting, live, waiting, refused or ended. Connects again by itself
 * behind the last event. (EventSource sends no key.) A tab that no one sees holds no connection: browsers have six for a host, and a seventh tab would wait without end.
 */
export async function follow(id, after, { signal, onevent, onstate }) {
  const position = { last: after };
  onstate('connecting');
  for (let failures = 0; !signal.aborted;) {
    await seen(signal);
    const opened = Date.now();
    const link = new AbortController();
    const leave = () => { if (document.hidden) link.abort(); };
    document.addEventListener('visibilitychange', leave);
    let pause = 0;
    try {
      if (await receive(id, position, { signal: AbortSignal.any([signal, link.signal]), cut: () => link.abort(), onevent, onstate }) === 'ended') return;
    } catch (failure) {
      if (signal.aborted) return;
      const end = { 401: 'refused', 403: 'refused', 404: 'ended', 410: 'ended' }[failure.status];
      if (end) {
        onstate(end);
        return;
      }
      pause = 1000 * (failure.retryAfter ?? 0);
    } finally {
      document.removeEventListener('visibilitychange', leave);
    }
    if (signal.aborted) return;
    onstate('waiting');
    if (document.hidden) continue;
    failures = Date.now() - opened > longestPause ? 0 : failures + 1;
    await new Promise(resolve => setTimeout(resolve, Math.max(pause, Math.min(longestPause, 250 * 2 ** Math.min(failures, 6)))));
  }
}

async function receive(id, position, { signal, cut, onevent, onstate }) {
  let watch = setTimeout(cut, silence);
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(cut, silence);
  };
  try {
    const answer = await send('GET', conversationPath(id, 'events') + query({ after: position.last }), { signal, accept: 'text/event-stream' });
    onstate('live');
    for await (const event of events(answer.body, heard)) {
      if (event.id) position.last = event.id;
      if (event.data !== null) onevent(event.type, event.type === 'ended' ? {} : JSON.parse(event.data), event.id);
      if (event.data !== null && event.type === 'ended') {
        onstate('ended');
        return 'ended';
      }
    }
    return 'cut';
  } finally {
    clearTimeout(watch);
  }
}

function seen(signal) {
  return new Promise(resolve => {
    function look() {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    }
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
    look();
  });
}

async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let event = { type: 'message', data: [], id: null };
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      buffer += value;
      const lines = buffer.split('\n');
      buffer = lines.pop();
      for (const raw of lines) {
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
        if (line === '') {
          yield { ...event, data: event.data.length ? event.data.join('\n') : null };
          event = { type: 'message', data: [], id: null };
        } else if (!line.startsWith(':')) {
          const colon = line.indexOf(':');
          const field = colon < 0 ? line : line.slice(0, colon);
          const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
          if (field === 'event') event.type = text;
          else if (field === 'data') event.data.push(text);
          else if (field === 'id') event.id = text;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

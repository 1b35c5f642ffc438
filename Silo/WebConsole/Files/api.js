// Calls the API of the silo that served the page, with the key of this tab.

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
  constructor(status, document) {
    super(document.title ?? `The silo answered ${status}`);
    Object.assign(this, { status, title: document.title ?? `The silo answered ${status}`, detail: document.detail, code: document.code, traceId: document.traceId });
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
  if (!answer.ok) {
    const document = await answer.json().catch(() => ({}));
    throw new ApiError(answer.status, document);
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

/**
 * Follows a feed of server-sent events until it is aborted or ends. `onevent(type, data, id)`; `onstate` is told connecting, live, waiting or ended. Connects again by itself behind
 * the last event. (EventSource sends no key.)
 */
export async function follow(id, after, { signal, onevent, onstate }) {
  let last = after;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      onstate(failures === 0 ? 'connecting' : 'waiting');
      const answer = await send('GET', conversationPath(id, 'events') + query({ after: last }), { signal, accept: 'text/event-stream' });
      onstate('live');
      failures = 0;
      for await (const event of events(answer.body)) {
        if (event.id) last = event.id;
        if (event.data === null) continue;
        if (event.type === 'ended') {
          onevent('ended', {}, event.id);
          onstate('ended');
          return;
        }
        onevent(event.type, JSON.parse(event.data), event.id);
      }
    } catch (failure) {
      if (signal.aborted || failure.name === 'AbortError') return;
      if (failure.status === 404 || failure.status === 410) {
        onstate('ended');
        return;
      }
      if (failure.status === 401 || failure.status === 403) {
        onstate('refused');
        return;
      }
    }
    onstate('waiting');
    await new Promise(resolve => setTimeout(resolve, Math.min(10000, 500 * 2 ** Math.min(failures, 5))));
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let event = { type: 'message', data: [], id: null };
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
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

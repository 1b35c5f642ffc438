// Shows what a message holds. All of it was said by people or models: it becomes text, never markup, and nothing is fetched for it.
import { h, bytes, time, number } from './dom.js';

// What a browser shows in an <img> without running anything, from data that came with the message.
const images = /^data:image\/(png|jpeg|gif|webp|avif|bmp);base64,/i;
const longText = 4000;
const mostCalls = 5000;

export const pretty = value => typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** A text; a very long one is folded after its beginning. */
export function text(value, className = 'text') {
  if (value.length <= longText) return h(`p.${className}`, { dir: 'auto' }, value);
  const cut = isHighSurrogate(value, longText - 1) ? longText - 1 : longText;
  const shown = h(`p.${className}`, { dir: 'auto' }, value.slice(0, cut));
  const more = h('button.link', { type: 'button', onclick: () => { shown.append(value.slice(cut)); more.remove(); } }, `Show all ${number(value.length)} characters`);
  return h('div', null, shown, more);
}

// What stands on two sides of a cut must not be one character.
const isHighSurrogate = (value, at) => (value.charCodeAt(at) & 0xFC00) === 0xD800;

/** Makes the body of a fold when it is opened first: most are never opened, and a result can be a megabyte. */
export function unfold(details, makeBody) {
  details.addEventListener('toggle', () => { if (details.open) details.append(makeBody()); }, { once: true });
  return details;
}

function fold(summary, makeBody, className) {
  return unfold(h(`details.fold.${className}`, null, h('summary', null, summary)), makeBody);
}

const code = value => h('pre', { tabIndex: 0 }, pretty(value) ?? 'null');

function short(value) {
  const line = value === undefined || value === null ? '' : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 1000).replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

function data(content) {
  const uri = String(content.uri ?? '');
  const mediaType = content.mediaType ?? uri.slice(5, Math.max(5, uri.indexOf(';')));
  const size = Math.floor(Math.max(0, uri.length - uri.indexOf(',') - 1) * 3 / 4);
  const label = `${content.name ? `${content.name}, ` : ''}${mediaType || 'data'}, ${bytes(size)}`;
  return images.test(uri)
    ? h('figure', null, h('img', { src: uri, alt: content.name ?? `Image of the message, ${mediaType}`, loading: 'lazy' }), h('figcaption', null, label))
    : h('p.attachment', null, label);
}

function link(content) {
  const uri = String(content.uri ?? '');
  const label = `${content.mediaType ?? 'link'}: `;
  return /^https?:\/\//i.test(uri)
    ? h('p.attachment', null, label, h('a', { href: uri, target: '_blank', rel: 'noopener noreferrer' }, uri))
    : h('p.attachment', null, label, uri);
}

// A tab can be open for days: the names of old calls are let go.
function remember(calls, id, name) {
  calls.set(id, name);
  if (calls.size > mostCalls) calls.delete(calls.keys().next().value);
}

/** Shows one content. `calls` knows the names of calls by their ids. */
export function content(one, calls) {
  switch (one.$type) {
    case 'text':
      return text(String(one.text ?? ''));
    case 'reasoning':
      return fold('Reasoning', () => h('div', null, one.text ? text(String(one.text)) : h('p.quiet', null, 'The provider keeps it to itself.')), 'reasoning');
    case 'functionCall':
      if (one.callId) remember(calls, one.callId, one.name);
      return fold(h('span', null, 'Calls ', h('code', null, String(one.name)), h('span.quiet', null, ` ${short(one.arguments)}`)),
        () => h('div', null, h('p.quiet', null, `Call ${one.callId ?? 'without id'}`), code(one.arguments ?? null)), 'call');
    case 'functionResult':
      return fold(h('span', null, 'Result of ', h('code', null, String(calls.get(one.callId) ?? one.callId ?? 'a call')), h('span.quiet', null, ` ${short(one.exception ?? one.result)}`)),
        () => h('div', null, h('p.quiet', null, `Call ${one.callId ?? 'without id'}`), one.exception ? h('p.failure', null, pretty(one.exception)) : null, code(one.result ?? null)), 'result');
    case 'data':
      return data(one);
    case 'uri':
      return link(one);
    case 'error':
      return h('p.failure', null, `Error: ${one.message ?? ''}${one.errorCode ? ` (${one.errorCode})` : ''}`);
    case 'usage':
      return h('p.quiet', null, `Tokens: ${number(one.details?.inputTokenCount)} in, ${number(one.details?.outputTokenCount)} out`);
    default:
      return fold(h('span', null, 'Content of kind ', h('code', null, String(one?.$type ?? 'unknown'))), () => code(one), 'other');
  }
}

/** The beginning of what a message says, on one line. */
export function excerpt(message, length = 100) {
  const parts = (message.contents ?? []).map(one => one.text?.slice(0, 1000) ?? (one.name ? `${one.name}(…)` : one.$type === 'functionResult' ? short(one.result) : `[${one.$type}]`));
  const line = parts.join(' ').replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}

const roles = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' };

/** A message with its sequence, role and time. `actions` are buttons beside it. */
export function message(one, { calls, total, actions = [], prefix = 'message' }) {
  const title = `${prefix}-${one.sequence}`;
  return h(`article.message.${roles[one.role] ? one.role : 'other'}`, {
    tabIndex: -1, 'data-sequence': one.sequence, 'aria-labelledby': title, 'aria-posinset': one.sequence, 'aria-setsize': total ?? -1,
  },
    h('header', null,
      h('h2', { id: title }, h('span.role', null, roles[one.role] ?? one.role), one.authorName ? h('span.author', null, one.authorName) : null, h('span.sequence', null, `#${number(one.sequence)}`)),
      time(one.createdAt),
      h('span.tokens', { hidden: true }),
      h('span.actions', null, actions)),
    h('div.contents', null, (one.contents ?? []).map(part => content(part, calls))));
}

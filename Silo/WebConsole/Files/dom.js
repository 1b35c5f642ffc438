// Makes elements. Everything that people or models have said goes through text nodes: nothing here, or anywhere in the console, takes markup from a string.

const properties = new Set(['value', 'checked', 'disabled', 'open', 'hidden', 'tabIndex', 'htmlFor', 'className', 'type', 'name', 'placeholder', 'title', 'min', 'max', 'step', 'required', 'readOnly', 'selected', 'id', 'rows', 'alt', 'src', 'rel', 'target', 'colSpan', 'scope', 'autocomplete', 'spellcheck']);

/** Makes an element: `h('p.note', {title}, 'text', child)`. Attributes that begin with "on" are listeners; null and false leave out. */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name || 'div');
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (properties.has(key)) element[key] = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** Adds children: elements, texts, lists of them. */
export function append(parent, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/** Puts children in the place of what is there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** Makes an element of a drawing. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, String(value));
  append(element, children);
  return element;
}

const numbers = new Intl.NumberFormat();
export const number = value => value === null || value === undefined ? '–' : numbers.format(value);

export function bytes(value) {
  if (value === null || value === undefined) return '–';
  for (const [unit, size] of [['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]]) {
    if (value >= size) return `${numbers.format(Math.round(value / size * 10) / 10)} ${unit}`;
  }
  return `${numbers.format(value)} B`;
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
/** The silo's clock as its answers tell it: who looks may have another one, and what expires goes by the silo's. */
export const clock = {
  ahead: 0,
  now: () => Date.now() + clock.ahead,
  hear(instant) {
    const ahead = Date.parse(instant) - Date.now();
    if (!Number.isNaN(ahead)) clock.ahead = Math.abs(ahead) < 3000 ? 0 : ahead;
  },
};

/** Runs something when it is wanted: at once, and where it is wanted again meanwhile, once more after a pause. */
export function seldom(action, pause) {
  let isWanted = false;
  let isRunning = false;
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    try {
      while (isWanted) {
        isWanted = false;
        await action();
        await new Promise(resolve => setTimeout(resolve, pause));
      }
    } finally {
      isRunning = false;
    }
  };
}

const relatives = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** An instant, exact when pointed at. */
export function time(instant, { relative = false } = {}) {
  if (!instant) return null;
  const date = new Date(instant);
  return h('time', { datetime: instant, title: relative ? moments.format(date) : instant }, relative ? ago(date) : moments.format(date));
}

function ago(date) {
  const seconds = (date - clock.now()) / 1000;
  for (const [unit, size] of [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]]) {
    if (Math.abs(seconds) >= size) return relatives.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}

/** How long until an instant; it counts down by itself while it is shown. */
export function countdown(instant) {
  if (!instant) return h('span.quiet', null, 'never expires');
  const element = h('time.countdown', { datetime: instant, title: moments.format(new Date(instant)) });
  element.textContent = remaining(instant);
  return element;
}

function remaining(instant) {
  let seconds = Math.floor((new Date(instant) - clock.now()) / 1000);
  if (seconds <= 0) return 'expired';
  const parts = [];
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    if (seconds >= size || (unit === 's' && !parts.length)) {
      parts.push(`${Math.floor(seconds / size)} ${unit}`);
      seconds %= size;
    }
  }
  return `expires in ${parts.slice(0, 3).join(' ')}`;
}

setInterval(() => {
  for (const element of document.querySelectorAll('time.countdown')) {
    const text = remaining(element.getAttribute('datetime'));
    if (element.textContent !== text) element.textContent = text;
  }
}, 1000);

/** Says something that passes. */
export function toast(text, kind = 'done') {
  const element = h(`div.toast.${kind}`, null, text);
  document.getElementById('messages').append(element);
  setTimeout(() => element.remove(), kind === 'bad' ? 12000 : 5000);
}

/** What went wrong, with what would be right. */
export function problem(failure) {
  return h('div.problem', { role: 'alert' },
    h('strong', null, failure.title ?? 'That did not work'),
    failure.detail ? h('p', null, failure.detail) : null,
    ['key-missing', 'key-unknown', 'key-expired'].includes(failure.code) ? h('button', { type: 'button', onclick: () => location.reload() }, 'Give another key') : null,
    failure.code || failure.traceId ? h('p.quiet', null, [failure.status, failure.code, failure.traceId ? `trace ${failure.traceId}` : null].filter(Boolean).join(' · ')) : null);
}

/** Runs something and shows what went wrong. */
export async function attempt(action) {
  try {
    return await action();
  } catch (failure) {
    if (failure.name !== 'AbortError') toast([failure.title, failure.detail].filter(Boolean).join(': ') || String(failure), 'bad');
    return undefined;
  }
}

/** Asks in a dialog. Fields are [name, label, attributes]; answers with their values, or null when it was left. */
export function ask(title, { text, fields = [], action = 'OK', danger = false } = {}) {
  return new Promise(resolve => {
    const inputs = fields.map(([name, label, attributes = {}]) => {
      const { multiline, ...rest } = attributes;
      return [name, label, h(multiline ? 'textarea' : 'input', { name, id: `ask-${name}`, autocomplete: 'off', ...rest })];
    });
    const dialog = h('dialog.ask', { 'aria-labelledby': 'ask-heading' },
      h('form', { method: 'dialog', onsubmit: event => { event.preventDefault(); finish(Object.fromEntries(inputs.map(([name, , input]) => [name, input.value]))); } },
        h('h2', { id: 'ask-heading' }, title),
        text ? h('p', null, text) : null,
        inputs.map(([name, label, input]) => h('p.field', null, h('label', { htmlFor: `ask-${name}` }, label), input)),
        h('p.actions', null,
          h('button', { type: 'button', onclick: () => finish(null) }, 'Cancel'),
          h(danger ? 'button.danger' : 'button.primary', { type: 'submit' }, action))));
    function finish(answer) {
      if (!dialog.isConnected) return;
      dialog.close();
      dialog.remove();
      resolve(answer);
    }
    dialog.addEventListener('close', () => finish(null));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Tabs with their panels: [[name, label, render], …]. `render` is called when its tab is shown. */
export function tabs(label, entries, { initial = entries[0][0], onchange } = {}) {
  const list = h('div.tabs', { role: 'tablist', 'aria-label': label });
  const panel = h('div.panel', { role: 'tabpanel', tabIndex: 0 });
  let shown = null;
  const buttons = entries.map(([name, text]) => h('button', { role: 'tab', id: `tab-${name}`, type: 'button', onclick: () => show(name) }, text));
  list.append(...buttons);
  list.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (entries.findIndex(([name]) => name === shown) + step + entries.length) % entries.length;
    show(entries[next][0]);
    buttons[next].focus();
  });
  function show(name) {
    shown = name;
    buttons.forEach((button, i) => {
      const selected = entries[i][0] === name;
      button.setAttribute('aria-selected', selected);
      button.tabIndex = selected ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', `tab-${name}`);
    fill(panel, h('p.quiet', null, 'Loading…'));
    onchange?.(name);
    const render = entries.find(([known]) => known === name)[2];
    render(panel);
  }
  show(initial);
  return { element: h('div.tabbed', null, list, panel), show, get shown() { return shown; }, panel };
}

/** A table: columns are [label, value of a row, numeric]. */
export function table(caption, columns, rows, empty = 'Nothing.') {
  if (!rows.length) return h('p.empty', null, empty);
  return h('div.scroller', null, h('table', null,
    h('caption', null, caption),
    h('thead', null, h('tr', null, columns.map(([label, , numeric]) => h(numeric ? 'th.number' : 'th', { scope: 'col' }, label)))),
    h('tbody', null, rows.map(row => h('tr', null, columns.map(([, value, numeric]) => h(numeric ? 'td.number' : 'td', null, value(row))))))));
}

// What a conversation holds beside its messages.
import { h, fill, append, number, countdown, problem, seldom } from './dom.js';
import { get, query, conversationPath } from './api.js';
import { pretty, unfold } from './contents.js';

const every = 15000;
const atOnce = 200;

/** Shows entries, globals, working memories and the memory of a program, and keeps them fresh while they are shown. */
export async function showState(panel, context) {
  const { conversation, signal, refresh } = context;
  const path = rest => conversationPath(conversation.id, ...rest);
  let drawn = null;

  const load = seldom(async () => {
    if (signal.aborted || refresh.state !== load) return;
    try {
      const [entries, globals, working, program] = await Promise.all([
        get(path(['entries']), { signal }),
        get(path(['globals']), { signal }),
        get(path(['working-memory']), { signal }),
        get(path(['memory-object']) + query({ format: 'json' }), { signal }).catch(failure => {
          if (failure.status !== 404) throw failure;
          return null;
        }),
      ]);
      const read = JSON.stringify([entries, globals, working, program]);
      if (refresh.state !== load || read === drawn) return;
      drawn = read;
      draw(entries.entries, globals, working.workingMemories, program);
    } catch (failure) {
      drawn = null;
      if (failure.name !== 'AbortError' && refresh.state === load) fill(panel, problem(failure));
    }
  }, 1000);

  function draw(entries, globals, working, program) {
    const focused = document.activeElement?.closest?.('.panel details')?.dataset.name;
    const open = new Set([...panel.querySelectorAll('details[open]')].map(details => details.dataset.name));
    const spaces = Map.groupBy ? Map.groupBy(entries, entry => entry.namespace) : entries.reduce((map, entry) => map.set(entry.namespace, [...(map.get(entry.namespace) ?? []), entry]), new Map());
    fill(panel,
      section('Globals', Object.entries(globals).map(([key, value]) => [`global ${key}`, key, value])),
      section('Working memory', working.map(memory => [`working ${memory.type}`, memory.type.toLowerCase().replaceAll('_', ' '), memory.workingMemory, memory.expiresAt])),
      [...spaces].map(([space, list]) => section(`Entries of ${space}`, list.map(entry => [`${space} ${entry.key}`, entry.key, entry.value, entry.expiresAt]))),
      spaces.size ? null : section('Entries', []),
      section('Program state', program ? Object.entries(program).map(([key, value]) => [`program ${key}`, key, value]) : []));
    for (const details of panel.querySelectorAll('details')) {
      details.open = open.has(details.dataset.name);
      if (details.dataset.name === focused) details.querySelector('summary').focus({ preventScroll: true });
    }
  }

  refresh.state = load;
  const timer = setInterval(() => {
    if (signal.aborted || refresh.state !== load) clearInterval(timer);
    else if (!document.hidden) load();
  }, every);
  await load();
}

// An element for each of ten thousand entries would hold up the page: the first are made, and the rest when somebody asks for them.
function section(title, rows) {
  const place = h('div', null, rows.slice(0, atOnce).map(row));
  const rest = rows.slice(atOnce);
  const more = rest.length ? h('button.more', { type: 'button', onclick: () => { append(place, rest.map(row)); more.remove(); } }, `Show ${number(rest.length)} more`) : null;
  return h('section.entries', null, h('h2', { dir: 'auto' }, title), rows.length ? [place, more] : h('p.quiet', null, 'None.'));
}

function row([name, key, value, expiresAt]) {
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  const expiry = expiresAt ? countdown(expiresAt) : null;
  return unfold(h('details.entry', { 'data-name': name },
    h('summary', null, h('code', null, key), h('span.value', { dir: 'auto' }, line.length > 90 ? `${line.slice(0, 90)}…` : line), expiry)),
  () => h('pre', { tabIndex: 0 }, pretty(value)));
}

// What a conversation holds beside its messages.
import { h, fill, countdown, problem } from './dom.js';
import { get, query, conversationPath } from './api.js';
import { pretty } from './contents.js';

const every = 15000;

/** Shows entries, globals, working memories and the memory of a program, and keeps them fresh while they are shown. */
export async function showState(panel, context) {
  const { conversation, signal, refresh } = context;
  const path = rest => conversationPath(conversation.id, ...rest);
  let waiting = false;

  async function load() {
    if (waiting || signal.aborted) return;
    waiting = true;
    try {
      const [entries, globals, working, program] = await Promise.all([
        get(path(['entries']), { signal }),
        get(path(['globals']), { signal }),
        get(path(['working-memory']), { signal }),
        get(path(['memory-object']) + query({ format: 'json' }), { signal }).catch(failure => {
          if (failure.name === 'AbortError') throw failure;
          return null;
        }),
      ]);
      if (refresh.state === load) draw(entries.entries, globals, working.workingMemories, program);
    } catch (failure) {
      if (failure.name !== 'AbortError' && refresh.state === load) fill(panel, problem(failure));
    } finally {
      waiting = false;
    }
  }

  function draw(entries, globals, working, program) {
    const open = new Set([...panel.querySelectorAll('details[open]')].map(details => details.dataset.name));
    const spaces = Map.groupBy ? Map.groupBy(entries, entry => entry.namespace) : entries.reduce((map, entry) => map.set(entry.namespace, [...(map.get(entry.namespace) ?? []), entry]), new Map());
    fill(panel,
      section('Globals', Object.entries(globals).map(([key, value]) => row(`global ${key}`, key, value))),
      section('Working memory', working.map(memory => row(`working ${memory.type}`, memory.type.toLowerCase().replaceAll('_', ' '), memory.workingMemory, memory.expiresAt))),
      [...spaces].map(([space, list]) => section(`Entries of ${space}`, list.map(entry => row(`${space} ${entry.key}`, entry.key, entry.value, entry.expiresAt)))),
      spaces.size ? null : section('Entries', []),
      section('Program state', program && Object.keys(program).length ? Object.entries(program).map(([key, value]) => row(`program ${key}`, key, value)) : []));
    for (const details of panel.querySelectorAll('details')) details.open = open.has(details.dataset.name);
  }

  refresh.state = load;
  await load();
  const timer = setInterval(() => refresh.state === load ? load() : clearInterval(timer), every);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function section(title, rows) {
  return h('section.entries', null, h('h2', null, title), rows.length ? rows : h('p.quiet', null, 'None.'));
}

function row(name, key, value, expiresAt) {
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  const expiry = expiresAt ? countdown(expiresAt) : null;
  return h('details.entry', { 'data-name': name },
    h('summary', null, h('code', null, key), h('span.value', { dir: 'auto' }, line.length > 90 ? `${line.slice(0, 90)}…` : line), expiry),
    h('pre', { tabIndex: 0 }, pretty(value)));
}

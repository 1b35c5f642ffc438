// Long-term memories of a scope: all of them, those that a question recalls and why, and their history.
import { h, fill, append, time, countdown, number, ask, attempt, toast, problem } from './dom.js';
import { get, post, patch, remove, path, query, may, session } from './api.js';

const memoryPath = (id, ...rest) => path('v1', 'memories', id, ...rest);

/** Shows the page. `values` are user, agent, session and q of the address. */
export function showMemories(place, values, { signal, go }) {
  const bound = session.caller.userId;
  const field = (name, label, attributes) => [name, label, h('input', { name, id: `memory-${name}`, autocomplete: 'off', value: values[name] ?? '', ...attributes })];
  const fields = [
    field('user', 'User', bound ? { value: bound, readOnly: true } : { placeholder: 'any user' }),
    field('agent', 'Agent', { placeholder: 'any agent' }),
    field('session', 'Session', { placeholder: 'any session' }),
    field('q', 'Question', { type: 'search', placeholder: 'What should be recalled?' }),
  ];
  const results = h('div.results');
  fill(place,
    h('h1', { tabIndex: -1 }, 'Memories'),
    h('form.filters', {
      role: 'search', onsubmit: event => {
        event.preventDefault();
        go(`#/memories${query(Object.fromEntries(fields.map(([name, , input]) => [name, input.value.trim()])))}`, { again: true });
      },
    },
      fields.map(([name, label, input]) => h('p.field', null, h('label', { htmlFor: `memory-${name}` }, label), input)),
      h('button.primary', { type: 'submit' }, 'Find')),
    results);
  const scope = { user: bound ?? values.user, agent: values.agent, session: values.session };
  if (values.q) recall(results, values.q, scope, signal);
  else list(results, scope, signal);
}

async function recall(place, q, scope, signal) {
  const given = Object.fromEntries(Object.entries(scope).filter(([, value]) => value));
  if (!Object.keys(given).length) {
    fill(place, h('p.empty', null, 'Name a user, an agent or a session whose memories are asked.'));
    return;
  }
  fill(place, h('p.quiet', null, 'Recalling…'));
  try {
    const answer = await post('v1/memories/search', { ...given, query: q, limit: 20, explain: true }, { signal });
    fill(place,
      h('p', null, `${number(answer.memories.length)} of ${number(answer.considered)} memories answer. `, answer.partial ? 'Only the newest were looked at.' : ''),
      answer.memories.length
        ? h('ol.memories', null, answer.memories.map(recalled => card(recalled.memory, { recalled, signal })))
        : h('p.empty', null, 'Nothing in this scope answers that.'));
  } catch (failure) {
    if (failure.name !== 'AbortError') fill(place, problem(failure));
  }
}

function list(place, scope, signal) {
  const items = h('ol.memories');
  const more = h('button.more', { type: 'button', hidden: true, onclick: () => attempt(() => next()) }, 'More');
  let cursor = null;
  fill(place, items, more);
  async function next() {
    const page = await get('v1/memories' + query({ ...scope, limit: 50, cursor }), { signal });
    append(items, page.memories.map(memory => card(memory, { signal })));
    cursor = page.next;
    more.hidden = !cursor;
    if (!items.children.length) fill(place, h('p.empty', null, 'No memories in this scope.'));
  }
  next().catch(failure => { if (failure.name !== 'AbortError') fill(place, problem(failure)); });
}

function card(memory, { recalled, signal }) {
  const body = h('div');
  const element = h('li.memory', { 'data-id': memory.id }, body);
  draw();
  return element;

  function draw() {
    const history = h('div.history');
    fill(body,
      h('div.head', null,
        h(`span.kind.${memory.kind}`, null, memory.kind),
        recalled ? h('span.score', null, h('meter', { min: 0, max: 1, value: recalled.score, 'aria-label': 'Score' }), recalled.score.toFixed(2)) : null,
        recalled?.count > 1 ? h('span', null, `said ${number(recalled.count)} times`) : null,
        recalled?.contradictedBy ? h('span.fell', { title: recalled.contradictedBy }, 'contradicted by a newer one') : null),
      h('p.text', { dir: 'auto' }, memory.speaker ? h('strong', null, `${memory.speaker}: `) : null, memory.text),
      memory.caption ? h('p.quiet', { dir: 'auto' }, `Image: ${memory.caption}`) : null,
      recalled?.why ? why(recalled.why) : null,
      h('p.facts', null,
        memory.user ? h('span', null, `user ${memory.user}`) : null, memory.agent ? h('span', null, `agent ${memory.agent}`) : null, memory.session ? h('span', null, `session ${memory.session}`) : null,
        memory.conversationId ? h('a', { href: `#/conversations/${encodeURIComponent(memory.conversationId)}` }, memory.conversationId) : null,
        time(memory.occurredAt), h('span', null, `version ${number(memory.version)}`), memory.expiresAt ? countdown(memory.expiresAt) : null),
      h('p.actions', null,
        h('button.link', { type: 'button', onclick: () => attempt(() => showHistory(history)) }, 'History'),
        may('Writer') ? h('button.link', { type: 'button', onclick: () => attempt(correct) }, 'Correct') : null,
        may('Writer') ? h('button.link.danger', { type: 'button', onclick: () => attempt(forget) }, 'Delete') : null),
      history);
  }

  async function showHistory(place) {
    const { events } = await get(memoryPath(memory.id, 'history'), { signal });
    fill(place, h('ol', null, events.map(event => h('li', null,
      h('span.kind', null, event.kind), ' ', time(event.at), event.byExtractor ? ' by the extractor' : '',
      event.previousText !== null && event.previousText !== undefined ? h('del', { dir: 'auto' }, event.previousText) : null,
      event.text !== null && event.text !== undefined ? h('ins', { dir: 'auto' }, event.text) : null))));
  }

  async function correct() {
    const answer = await ask('Correct the memory', { fields: [['text', 'What it says', { multiline: true, value: memory.text, required: true, rows: 4 }]], action: 'Save' });
    if (!answer) return;
    memory = await patch(memoryPath(memory.id), { text: answer.text, expectedVersion: memory.version });
    toast('Corrected.');
    draw();
  }

  async function forget() {
    const answer = await ask('Delete the memory?', { text: memory.text, action: 'Delete', danger: true });
    if (!answer) return;
    await remove(memoryPath(memory.id));
    element.remove();
    toast('Deleted with its history.');
  }
}

// By terms: (words + episode + dates) × kind × speaker.
function why(reasons) {
  const total = Math.max(1e-9, reasons.words + reasons.episode + reasons.dates);
  const parts = [['words', reasons.words, 'what its words are worth'], ['episode', reasons.episode, 'what its episode adds'], ['dates', reasons.dates, 'what the dates add']];
  const bar = h('div.bar', { 'aria-hidden': 'true' }, parts.filter(([, value]) => value > 0).map(([name, value]) => {
    const piece = h(`span.${name}`);
    piece.style.width = `${100 * value / total}%`;
    return piece;
  }));
  return h('div.why', null,
    bar,
    h('ul', { 'aria-label': 'Why it was recalled' },
      parts.map(([name, value, meaning]) => h(`li.${name}`, { title: meaning }, `${name} ${value.toFixed(2)}`)),
      reasons.kind !== 1 ? h('li', { title: 'the factor for what kind of thing it tells' }, `kind ×${reasons.kind.toFixed(2)}`) : null,
      reasons.speaker !== 1 ? h('li', { title: 'the factor for who said it' }, `speaker ×${reasons.speaker.toFixed(2)}`) : null,
      reasons.similarity !== null && reasons.similarity !== undefined ? h('li', { title: 'how near its meaning is' }, `meaning ${reasons.similarity.toFixed(2)}`) : null,
      reasons.terms.length ? h('li.terms', { title: 'the words of the question that it or its neighbours have' }, reasons.terms.map(term => h('code', null, term))) : null));
}

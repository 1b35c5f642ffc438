// The tree of forks that a conversation is in, and two branches side by side.
import { h, fill, number, problem, toast } from './dom.js';
import { get, query, may, conversationPath } from './api.js';
import { fork } from './conversation.js';
import { message } from './contents.js';

const deepest = 50;
const mostNodes = 200;
const together = 4;
const link = id => `#/conversations/${encodeURIComponent(id)}`;

// Forks keep the title of what they were forked from: the id tells them apart.
const nameOf = head => head.title ? `${head.title} (${head.id})` : head.id;

/** Reads the ancestors of a conversation: itself, its parent and so on. Each with the newest sequence that the conversation shares with it. */
async function lineage(id, signal) {
  const line = [];
  let shared = Infinity;
  let next = id;
  while (next && line.length < deepest) {
    let head;
    try {
      head = await get(conversationPath(next), { signal });
    } catch (failure) {
      if (failure.name === 'AbortError' || !line.length) throw failure;
      break;
    }

    // An id can have been deleted and begun anew: what is younger than its fork is not what that was forked from.
    if (line.length && Date.parse(head.createdAt) > Date.parse(line.at(-1).head.createdAt)) break;
    line.push({ head, shared: Math.min(shared, head.lastSequence) });
    shared = Math.min(shared, head.origin?.sequence ?? 0);
    next = head.origin?.id;
  }
  return line;
}

/** Shows the tree. */
export async function showForks(panel, { conversation, signal, go, refresh }) {
  const mine = () => refresh.state === mine;
  refresh.state = mine;
  try {
    const line = await lineage(conversation.id, signal);
    const counter = { nodes: 0, cut: false, line: new Map(line.slice(1).map(({ head }, i) => [head.id, line[i].head])) };
    const root = line.at(-1).head;
    counter.cut = line.length === deepest && Boolean(root.origin);
    const tree = await branch(root, counter, signal, 0);
    if (!mine()) return;
    const others = flatten(tree).filter(head => head.id !== conversation.id);
    const chosen = h('select', { id: 'fork-other' }, others.map(head => h('option', { value: head.id }, nameOf(head))));
    fill(panel,
      h('ul.tree', { 'aria-label': 'Forks' }, item(tree, conversation.id)),
      counter.cut ? h('p.quiet', null, `Not all are shown: at most ${number(mostNodes)}, and ${deepest} forks deep.`) : null,
      others.length ? h('form.window', { onsubmit: event => { event.preventDefault(); go(`#/compare/${encodeURIComponent(conversation.id)}/${encodeURIComponent(chosen.value)}`); } },
        h('p.field', null, h('label', { htmlFor: 'fork-other' }, 'Compare with'), chosen, h('button', { type: 'submit' }, 'Compare')))
        : h('p.quiet', null, 'It has no forks, and is none.'),
      may('Writer') && conversation.messageCount ? h('p.actions', null, h('button', { type: 'button', onclick: () => fork(conversation, conversation.lastSequence, go).catch(failure => toast(failure.detail ?? failure.title, 'bad')) }, 'Fork at the newest message')) : null);
  } catch (failure) {
    if (failure.name !== 'AbortError' && mine()) fill(panel, problem(failure));
  }
}

async function branch(head, counter, signal, depth) {
  counter.nodes++;
  const children = [];
  let cursor = null;
  do {
    if (counter.nodes + children.length >= mostNodes || depth >= deepest) {
      counter.cut = true;
      break;
    }
    const page = await get('v1/conversations' + query({ forkOf: head.id, limit: 100, cursor }), { signal });
    children.push(...page.conversations);
    cursor = page.next;
  } while (cursor);
  // The way to the conversation that is looked at comes first, so that a thousand siblings do not hide it.
  const way = counter.line.get(head.id);
  const ordered = way ? [way, ...children.filter(child => child.id !== way.id)] : children;
  const branches = [];
  while (branches.length < ordered.length) {
    const room = Math.min(together, Math.max(mostNodes - counter.nodes, way && !branches.length ? 1 : 0));
    if (room === 0) {
      counter.cut = true;
      break;
    }
    branches.push(...await Promise.all(ordered.slice(branches.length, branches.length + room).map(child => branch(child, counter, signal, depth + 1))));
  }
  return { head, branches };
}

const flatten = tree => [tree.head, ...tree.branches.flatMap(flatten)];

function item({ head, branches }, current) {
  return h('li', null,
    h('a', { href: link(head.id), 'aria-current': head.id === current ? 'page' : null }, nameOf(head)),
    h('span.quiet', null, head.origin ? ` from #${number(head.origin.sequence)}, ` : ' ', `${number(head.messageCount)} messages`),
    branches.length ? h('ul', null, branches.map(one => item(one, current))) : null);
}

/** Shows two branches from where they part. */
export async function showComparison(place, left, right, { signal }) {
  fill(place, h('p.quiet', null, 'Loading…'));
  try {
    const [a, b] = await Promise.all([lineage(left, signal), lineage(right, signal)]);
    const common = a.find(one => b.some(other => other.head.id === one.head.id && other.head.createdAt === one.head.createdAt));
    const other = common && b.find(one => one.head.id === common.head.id);
    const shared = common ? Math.min(common.shared, other.shared) : 0;
    fill(place,
      h('a.back', { href: link(left) }, '← Conversation'),
      h('h1', { tabIndex: -1 }, 'Two branches'),
      h('p', null, common && shared ? `They share the messages up to #${number(shared)} of ${nameOf(common.head)}.` : 'They share no message.'),
      h('div.compare', null, [a[0].head, b[0].head].map((head, i) => column(head, shared, `side-${i}`, signal))));
  } catch (failure) {
    if (failure.name !== 'AbortError') fill(place, h('a.back', { href: link(left) }, '← Conversation'), problem(failure));
  }
}

function column(head, shared, prefix, signal) {
  const list = h('div.messages');
  const more = h('button', { type: 'button', hidden: true, onclick: () => load() }, 'More');
  const calls = new Map();
  let after = shared;
  async function load() {
    try {
      const page = await get(conversationPath(head.id, 'messages') + query({ after, limit: 50, order: 'asc' }), { signal });
      list.append(...page.messages.map(one => message(one, { calls, total: head.lastSequence, prefix })));
      if (!list.children.length) list.append(h('p.empty', null, 'Nothing since then.'));
      after = page.messages.at(-1)?.sequence ?? after;
      more.hidden = page.next === null;
    } catch (failure) {
      if (failure.name !== 'AbortError') list.append(problem(failure));
    }
  }
  load();
  return h('section', { 'aria-label': nameOf(head) }, h('h2', null, h('a', { href: link(head.id) }, nameOf(head))), h('p.quiet', null, `${number(Math.max(0, head.lastSequence - shared))} messages of its own`), list, more);
}

// One conversation: its log, followed live, beside what else it holds.
import { h, fill, time, countdown, number, tabs, toast, ask, attempt, problem, seldom } from './dom.js';
import { get, post, patch, remove, follow, may, conversationPath, query } from './api.js';
import { Transcript } from './transcript.js';
import { showState } from './state.js';
import { showWindow } from './window.js';
import { showForks } from './forks.js';

const states = {
  connecting: ['Connecting…', 'waiting'], live: ['Live', 'good'], waiting: ['Reconnecting…', 'waiting'], ended: ['Ended', 'bad'], refused: ['Not allowed', 'bad'],
};

/** Shows a conversation in a place until the signal. */
export async function showConversation(place, id, { at, signal, go }) {
  fill(place, h('p.quiet', null, 'Loading…'));
  let conversation;
  try {
    conversation = await get(conversationPath(id), { signal });
  } catch (failure) {
    if (failure.name !== 'AbortError') fill(place, h('p', null, h('a.back', { href: '#/conversations' }, '← Conversations')), problem(failure));
    return null;
  }

  const transcript = new Transcript(conversation, {
    signal,
    actions: message => may('Writer')
      ? [h('button.link', { type: 'button', title: `Fork the conversation behind message ${message.sequence}`, onclick: () => attempt(() => fork(conversation, message.sequence, go)) }, 'Fork here')]
      : [],
    onchange: () => {
      describe();
      refresh.state?.();
      renew();
    },
  });
  const connection = h('span.state.waiting', { role: 'status', 'aria-label': 'Live feed' }, 'Connecting…');
  const heading = h('h1', { tabIndex: -1, dir: 'auto' }, '');
  const facts = h('p.facts');
  const count = h('span');
  const expiry = h('span');
  let described = null;
  describe();

  const found = h('div.found');
  const search = h('form.search', {
    role: 'search', onsubmit: event => {
      event.preventDefault();
      searchIn(found, conversation, event.target.elements.q.value, transcript, signal);
    },
  }, h('input', { type: 'search', name: 'q', placeholder: 'Search in this conversation', 'aria-label': 'Search in this conversation' }), h('button', { type: 'submit' }, 'Search'));

  const refresh = { state: null, head: null };
  const context = { conversation, transcript, signal, go, refresh };
  const side = tabs('About the conversation', [
    ['state', 'State', panel => showState(panel, context)],
    ['window', 'Model window', panel => showWindow(panel, context)],
    ['forks', 'Forks', panel => showForks(panel, context)],
    ['settings', 'Settings', panel => showSettings(panel, context, describe)],
  ], {
    onchange: name => {
      refresh.state = null;
      refresh.head = null;
      if (name !== 'window') transcript.mark(null);
    },
  });

  fill(place,
    h('div.conversation', null,
      h('div.head', null,
        h('a.back', { href: '#/conversations' }, '← Conversations'),
        h('div.title', null, heading, connection),
        facts, search, found),
      transcript.element,
      h('aside.side', { 'aria-label': 'About the conversation' }, side.element)));

  // A turn puts off a sliding expiry and changes version and counters, of which the feed says nothing.
  const renew = seldom(async () => {
    const head = await get(conversationPath(id), { signal }).catch(() => null);
    if (head === null || head.createdAt !== conversation.createdAt) return;
    take(conversation, head);
    describe();
    refresh.head?.();
  }, 2000);

  const newest = conversation.lastSequence;
  await (at ? transcript.jump(at) : transcript.toEnd());
  follow(id, newest, {
    signal,
    onstate: state => {
      const [label, kind] = states[state];
      connection.textContent = label;
      connection.className = `state ${kind}`;
    },
    onevent: (type, data) => {
      if (type === 'message') {
        transcript.add(data);
      } else if (type === 'truncated') {
        transcript.truncate(data.firstSequence);
      } else if (type === 'restarted') {
        go(`#/conversations/${encodeURIComponent(id)}`, { again: true });
      } else if (type === 'ended') {
        toast('The conversation was deleted or has expired.', 'bad');
      }
    },
  });
  return transcript;

  function describe() {
    count.textContent = `${number(conversation.messageCount)} message${conversation.messageCount === 1 ? '' : 's'}`;
    const { title, userId, agentId, expiresAt } = conversation;
    const now = JSON.stringify([title, userId, agentId, expiresAt]);
    if (now === described) return;
    described = now;
    heading.textContent = conversation.title ?? conversation.id;
    fill(facts,
      h('code', null, conversation.id),
      conversation.userId ? h('span', null, 'user ', h('a', { href: `#/conversations?user=${encodeURIComponent(conversation.userId)}` }, conversation.userId)) : h('span.quiet', null, 'no user'),
      conversation.agentId ? h('span', null, `agent ${conversation.agentId}`) : null,
      count,
      conversation.origin ? h('span', null, 'forked from ', h('a', { href: `#/conversations/${encodeURIComponent(conversation.origin.id)}?at=${conversation.origin.sequence}` }, conversation.origin.id), ` at #${number(conversation.origin.sequence)}`) : null,
      expiry);
    fill(expiry, countdown(expiresAt));
  }
}

/** Takes over what a conversation is now, but not how far its log goes: the feed and the pages say that, and what they have not brought yet must not count as seen. */
function take(conversation, head) {
  const { firstSequence, lastSequence, messageCount } = conversation;
  Object.assign(conversation, head, { firstSequence, lastSequence, messageCount });
}

/** Asks for a new id and forks. */
export async function fork(conversation, sequence, go) {
  const answer = await ask('Fork the conversation', {
    text: `The new conversation shares the messages up to #${number(sequence)}, and goes its own way from there. Entries are copied.`,
    fields: [['newId', 'Id of the new conversation', { value: `${conversation.id}-fork-${Date.now().toString(36)}`, required: true }]],
    action: 'Fork',
  });
  if (!answer) return;
  const made = await post(conversationPath(conversation.id, 'fork'), { newId: answer.newId, atSequence: sequence });
  toast(`Forked to ${made.id}.`);
  go(`#/conversations/${encodeURIComponent(made.id)}`);
}

let searches = 0;

async function searchIn(place, conversation, q, transcript, signal) {
  const search = ++searches;
  if (!q.trim()) {
    fill(place);
    return;
  }
  try {
    const answer = await get(conversationPath(conversation.id, 'search') + query({ q, limit: 50 }), { signal });
    if (search !== searches) return;
    fill(place,
      h('p.quiet', null, answer.hits.length ? `${number(answer.hits.length)}${answer.next ? ' newest' : ''} found. `: 'Nothing found. ', h('button.link', { type: 'button', onclick: () => fill(place) }, 'Close')),
      h('ul.hits', null, answer.hits.map(hit => h('li', null,
        h('button.hit', { type: 'button', onclick: () => attempt(() => transcript.jump(hit.message.sequence)) },
          h('span.sequence', null, `#${number(hit.message.sequence)}`), ' ', marked(hit.excerpt))))));
  } catch (failure) {
    if (failure.name !== 'AbortError' && search === searches) fill(place, problem(failure));
  }
}

/** An excerpt with what was found in it marked. */
export function marked(excerpt) {
  const parts = [];
  let at = 0;
  for (const match of excerpt.matches) {
    parts.push(excerpt.text.slice(at, match.start), h('mark', null, excerpt.text.slice(match.start, match.start + match.length)));
    at = match.start + match.length;
  }
  return h('span', { dir: 'auto' }, parts, excerpt.text.slice(at));
}

function showSettings(panel, { conversation, go, refresh }, describe) {
  refresh.head = () => {
    if (!panel.contains(document.activeElement)) showSettings(panel, { conversation, go, refresh }, describe);
  };
  const rows = [
    ['Id', conversation.id], ['Title', conversation.title], ['User', conversation.userId], ['Agent', conversation.agentId], ['Version', number(conversation.version)],
    ['Messages', `${number(conversation.messageCount)}, #${number(conversation.firstSequence)} to #${number(conversation.lastSequence)}`],
    ['Created', time(conversation.createdAt)], ['Changed', time(conversation.updatedAt)],
    ['Time to live', conversation.ttl ? `${number(conversation.ttl.seconds)} s${conversation.ttl.sliding ? ', from the newest turn' : ', from its beginning'}` : 'does not expire'],
    ['Expiry', countdown(conversation.expiresAt)],
  ];
  fill(panel,
    h('dl', null, rows.map(([name, value]) => [h('dt', null, name), h('dd', null, value ?? '–')])),
    conversation.metadata ? h('div', null, h('h2', null, 'Metadata'), h('pre', { tabIndex: 0 }, JSON.stringify(conversation.metadata, null, 2))) : null,
    may('Writer') ? h('p.actions', null,
      h('button', { type: 'button', onclick: () => attempt(rename) }, 'Rename'),
      h('button.danger', { type: 'button', onclick: () => attempt(erase) }, 'Delete')) : null);

  async function rename() {
    const answer = await ask('Rename the conversation', { fields: [['title', 'Title', { value: conversation.title ?? '' }]], action: 'Rename' });
    if (!answer) return;
    take(conversation, await patch(conversationPath(conversation.id), { title: answer.title || null }, { idempotent: true }));
    describe();
    showSettings(panel, { conversation, go, refresh }, describe);
  }

  async function erase() {
    const answer = await ask(`Delete ${conversation.title ?? conversation.id}?`, {
      text: 'Its messages, entries and search are gone for good. Forks keep what they share with it.', action: 'Delete', danger: true,
    });
    if (!answer) return;
    await remove(conversationPath(conversation.id) + query({ expectedCreatedAt: conversation.createdAt }));
    toast('Deleted.');
    go('#/conversations');
  }
}

// The conversations of a tenant, newest first, and the search through those of a user.
import { h, fill, append, time, number, countdown, problem } from './dom.js';
import { get, query, session } from './api.js';
import { marked } from './conversation.js';

/** Shows the list in a place. `values` are user, agent and q of the address. */
export function showConversations(place, values, { signal, go }) {
  const bound = session.caller.userId;
  const user = h('input', { name: 'user', id: 'list-user', placeholder: 'any user', value: bound ?? values.user ?? '', readOnly: bound !== null && bound !== undefined, autocomplete: 'off' });
  const agent = h('input', { name: 'agent', id: 'list-agent', placeholder: 'any agent', value: values.agent ?? '', autocomplete: 'off' });
  const words = h('input', { name: 'q', id: 'list-q', type: 'search', placeholder: 'words in messages', value: values.q ?? '' });
  const open = h('input', { name: 'id', id: 'list-id', placeholder: 'a conversation by its id', autocomplete: 'off' });
  const results = h('div.results');
  fill(place,
    h('h1', { tabIndex: -1 }, 'Conversations'),
    h('form.filters', {
      role: 'search', onsubmit: event => {
        event.preventDefault();
        if (open.value.trim()) go(`#/conversations/${encodeURIComponent(open.value.trim())}`);
        else go(`#/conversations${query({ user: user.value.trim(), agent: agent.value.trim(), q: words.value.trim() })}`, { again: true });
      },
    },
      h('p.field', null, h('label', { htmlFor: 'list-user' }, 'User'), user),
      h('p.field', null, h('label', { htmlFor: 'list-agent' }, 'Agent'), agent),
      h('p.field', null, h('label', { htmlFor: 'list-q' }, 'Search'), words),
      h('p.field', null, h('label', { htmlFor: 'list-id' }, 'Open'), open),
      h('button.primary', { type: 'submit' }, 'Find')),
    results);
  if (values.q) {
    search(results, values.q, bound ?? values.user, signal);
  } else {
    list(results, values, signal);
  }
}

// Reads page after page as the reader comes to the end of what is there.
function pages(place, element, read, empty) {
  const more = h('button.more', { type: 'button', onclick: () => next() }, 'More');
  const said = h('div', { 'aria-live': 'polite' });
  let cursor = null;
  let reading = false;
  fill(place, element, said, more);
  const watcher = new IntersectionObserver(seen => { if (seen.some(entry => entry.isIntersecting)) next(); }, { rootMargin: '400px' });
  async function next() {
    if (reading) return;
    reading = true;
    try {
      const page = await read(cursor);
      append(element, page.items);
      cursor = page.next;
      more.hidden = !cursor;
      fill(said, cursor || element.children.length ? null : h('p.empty', null, empty));
      watcher.disconnect();

      // A watcher tells of what comes into view, and of a button that has stayed there nothing: it is told anew of each.
      if (cursor) watcher.observe(more);
    } catch (failure) {
      watcher.disconnect();
      if (failure.name !== 'AbortError') fill(said, problem(failure));
    } finally {
      reading = false;
    }
  }
  next();
}

function list(place, { user, agent }, signal) {
  pages(place, h('ul.conversations'), async cursor => {
    const page = await get('v1/conversations' + query({ userId: user, agentId: agent, limit: 50, cursor }), { signal });
    return { items: page.conversations.map(line), next: page.next };
  }, user || agent ? 'No conversation has this user and agent.' : 'No conversations yet. The first turn on a new id begins one.');
}

function line(head) {
  return h('li', null, h('a.card', { href: `#/conversations/${encodeURIComponent(head.id)}` },
    h('span.name', { dir: 'auto' }, head.title ?? head.id),
    h('span.when', null, time(head.updatedAt, { relative: true })),
    h('span.facts', null,
      head.title ? h('code', null, head.id) : null,
      head.userId ? h('span', null, `user ${head.userId}`) : h('span.quiet', null, 'no user'),
      head.agentId ? h('span', null, `agent ${head.agentId}`) : null,
      h('span', null, `${number(head.messageCount)} message${head.messageCount === 1 ? '' : 's'}`),
      head.origin ? h('span', null, `fork of ${head.origin.id}`) : null,
      head.expiresAt ? countdown(head.expiresAt) : null)));
}

function search(place, q, user, signal) {
  if (!user) {
    fill(place, h('p.empty', null, 'Name the user whose conversations are searched.'));
    return;
  }
  pages(place, h('ul.conversations'), async cursor => {
    const page = await get('v1/search' + query({ q, userId: user, limit: 50, cursor }), { signal });
    return {
      items: page.hits.map(hit => h('li', null, h('a.card', { href: `#/conversations/${encodeURIComponent(hit.conversationId)}?at=${hit.message.sequence}` },
        h('span.name', { dir: 'auto' }, marked(hit.excerpt)),
        h('span.when', null, time(hit.message.createdAt, { relative: true })),
        h('span.facts', null, h('code', null, hit.conversationId), h('span', null, hit.message.role), h('span', null, `#${number(hit.message.sequence)}`))))),
      next: page.next,
    };
  }, `No message of ${user} has “${q}”.`);
}

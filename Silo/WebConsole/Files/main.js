// The console: signs in, shows a view for each address, and its keys.
import { h, fill, ask, problem, attempt } from './dom.js';
import { get, may, session } from './api.js';
import { showConversations } from './conversations.js';
import { showConversation } from './conversation.js';
import { showComparison } from './forks.js';
import { showMemories } from './memories.js';
import { showTenant } from './tenant.js';
import { showSilos } from './silos.js';

const main = document.getElementById('main');
let leaving = new AbortController();
let transcript = null;

const views = [
  ['conversations', 'Conversations', () => true],
  ['memories', 'Memories', () => true],
  ['tenant', 'Tenant', () => may('TenantAdministrator')],
  ['silos', 'Silos', () => may('Operator')],
];

/** Goes to an address; `again` also where it is the one that is shown. */
function go(address, { again = false } = {}) {
  if (location.hash === address && again) show().catch(shown);
  else location.hash = address;
}

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const signal = leaving.signal;
  transcript = null;
  const [name, ...rest] = location.hash.replace(/^#\//, '').split('?')[0].split('/').map(part => { try { return decodeURIComponent(part); } catch { return part; } });
  const values = Object.fromEntries(new URLSearchParams(location.hash.split('?')[1] ?? ''));
  drawViews(name);
  main.className = name === 'conversations' && rest[0] ? 'wide' : '';
  if (!session.caller.tenant && name !== 'silos' && name !== 'tenant') {
    fill(main, h('h1', { tabIndex: -1 }, 'Which tenant?'), h('p', null, 'This key opens all tenants. ', h('button.link', { type: 'button', onclick: () => attempt(chooseTenant) }, 'Name one'), ', or choose from ', h('a', { href: '#/tenant' }, 'the list'), '.'));
    return;
  }
  const context = { signal, go, choose };
  if (name === 'conversations' && rest[0]) {
    document.title = `${rest[0]} · OrleansMemory`;
    const shown = await showConversation(main, rest[0], { ...context, at: Number(values.at) || null });
    if (!signal.aborted) transcript = shown;
  } else if (name === 'compare' && rest[1]) {
    document.title = 'Branches · OrleansMemory';
    await showComparison(main, rest[0], rest[1], context);
  } else {
    const [view, title] = views.find(([known, , allowed]) => known === name && allowed()) ?? views[0];
    document.title = `${title} · OrleansMemory`;
    await { conversations: showConversations, memories: showMemories, tenant: showTenant, silos: showSilos }[view](main, values, context);
  }
  if (!signal.aborted && document.activeElement === document.body) main.querySelector('h1')?.focus({ preventScroll: true });
}

function drawViews(current) {
  fill(document.getElementById('views'), h('ul', null, views.filter(([, , allowed]) => allowed()).map(([name, label]) =>
    h('li', null, h('a', { href: `#/${name}`, 'aria-current': name === current ? 'page' : null }, label)))));
  const { caller } = session;
  fill(document.getElementById('session'),
    h('span.who', { title: caller.keyName ? `key ${caller.keyName}` : null }, [caller.tenant ?? 'no tenant', caller.userId ? `user ${caller.userId}` : null, caller.role].filter(Boolean).join(' · ')),
    may('Operator') ? h('button', { type: 'button', onclick: () => attempt(chooseTenant) }, 'Tenant…') : null,
    h('button', { type: 'button', 'aria-label': 'Dark or light', title: 'Dark or light', onclick: toggleTheme }, '◐'),
    h('button', { type: 'button', 'aria-label': 'Keys of the keyboard', title: 'Keys of the keyboard', onclick: showKeys }, '?'),
    session.key ? h('button', { type: 'button', onclick: signOut }, 'Sign out') : null);
}

async function chooseTenant() {
  const answer = await ask('Which tenant?', { fields: [['tenant', 'Tenant', { value: session.tenant, required: true }]], action: 'Open' });
  if (answer) await choose(answer.tenant.trim());
}

async function choose(tenant) {
  const before = session.tenant;
  session.tenant = tenant;
  try {
    session.caller = await get('v1/caller');
  } catch (failure) {
    session.tenant = before;
    throw failure;
  }
  go('#/conversations', { again: true });
}

function signOut() {
  session.key = '';
  session.tenant = '';
  location.hash = '';
  location.reload();
}

// Until a key is good: asks for one. Nothing is shown of the silo before.
async function signIn() {
  for (;;) {
    try {
      session.caller = await get('v1/caller');
      return;
    } catch (failure) {
      // A good key may ask too often, too: it is kept.
      const asksForKey = failure.status === 401 || (failure.status === 429 && !session.key) || (failure.status === 403 && session.key);
      if (!asksForKey) {
        fill(main, h('h1', null, 'OrleansMemory'), problem(failure), h('p.actions', null, h('button', { type: 'button', onclick: () => location.reload() }, 'Try again'), session.key ? h('button', { type: 'button', onclick: signOut }, 'Sign out') : null));
        return;
      }
      await askForKey(failure);
    }
  }
}

function askForKey(failure) {
  return new Promise(resolve => {
    const key = h('input', { type: 'password', id: 'key', name: 'key', required: true, autocomplete: 'off', spellcheck: false });
    const wrong = session.key !== '';
    session.key = '';

    // The tenant was chosen with the key before; another key may not open it.
    if (failure.status === 403) session.tenant = '';
    fill(main, h('form.signin', { onsubmit: event => { event.preventDefault(); session.key = key.value.trim(); resolve(); } },
      h('h1', null, 'OrleansMemory'),
      h('p', null, 'This silo asks for an API key. It stays in this tab, and is forgotten when the tab is closed.'),
      wrong ? problem(failure) : null,
      h('p.field', null, h('label', { htmlFor: 'key' }, 'API key'), key),
      h('p.actions', null, h('button.primary', { type: 'submit' }, 'Open'))));
    key.focus();
  });
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function toggleTheme() {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  localStorage.setItem('orleansmemory.theme', isDark ? 'light' : 'dark');
  setTheme(isDark ? 'light' : 'dark');
}

const keys = [
  ['/', 'Search'], ['j', 'Next message'], ['k', 'Previous message'], ['Home', 'Oldest messages'], ['End', 'Newest messages'], ['g c', 'Conversations'], ['g m', 'Memories'], ['?', 'These keys'],
];

function showKeys() {
  attempt(() => ask('Keys of the keyboard', { text: keys.map(([key, meaning]) => `${key}  ${meaning}`).join('\n'), action: 'Close' }));
}

let prefix = '';

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select, dialog, [role=tablist]')) return;
  const pressed = prefix + event.key;
  prefix = '';
  switch (pressed) {
    case '/':
      main.querySelector('input[type=search]')?.focus();
      break;
    case 'j':
      transcript?.step(1);
      break;
    case 'k':
      transcript?.step(-1);
      break;
    case 'Home':
      if (!transcript) return;
      attempt(() => transcript.jump(transcript.conversation.firstSequence));
      break;
    case 'End':
      if (!transcript) return;
      attempt(() => transcript.toEnd());
      break;
    case 'g':
      prefix = 'g';
      break;
    case 'gc':
      go('#/conversations');
      break;
    case 'gm':
      go('#/memories');
      break;
    case '?':
      showKeys();
      break;
    default:
      return;
  }
  event.preventDefault();
});

setTheme(localStorage.getItem('orleansmemory.theme'));
await signIn();
if (session.caller) {
  window.addEventListener('hashchange', () => {
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    show().catch(shown);
  });
  if (!location.hash) history.replaceState(null, '', '#/conversations');
  show().catch(shown);
}

function shown(failure) {
  if (failure.name !== 'AbortError') fill(main, problem(failure));
}

// What a tenant uses and may use; for operators, all tenants.
import { h, svg, clock, fill, number, bytes, time, table, problem, ask, attempt, toast } from './dom.js';
import { get, put, query, may, session, path } from './api.js';

/** Shows the page. */
export async function showTenant(place, values, { signal, choose }) {
  fill(place, h('h1', { tabIndex: -1 }, 'Tenant'), h('p.quiet', null, 'Loading…'));
  const tenants = h('section', { 'aria-label': 'Tenants' });
  const usage = h('section', { 'aria-label': 'Usage' });
  fill(place, h('h1', { tabIndex: -1 }, session.caller.tenant ? `Tenant ${session.caller.tenant}` : 'Tenants'), usage, tenants);
  await Promise.all([
    may('Operator') ? showTenants(tenants, choose, signal) : null,
    session.caller.tenant ? showUsage(usage, signal) : fill(usage, h('p.empty', null, 'Choose a tenant.')),
  ]);
}

async function showTenants(place, choose, signal) {
  try {
    const rows = [];
    let cursor = null;
    do {
      const page = await get('v1/tenants' + query({ limit: 1000, cursor }), { signal });
      rows.push(...page.tenants);
      cursor = page.next;
    } while (cursor && rows.length < 5000);
    fill(place, h('h2', null, 'All tenants'), table(`${number(rows.length)} tenant${rows.length === 1 ? '' : 's'}${cursor ? ', and more' : ''}`, [
      ['Tenant', row => h('button.link', { type: 'button', onclick: () => attempt(() => choose(row.tenant)) }, row.tenant)],
      ['Conversations', row => number(row.conversations), true], ['Messages', row => number(row.messages), true], ['Stored', row => bytes(row.bytes), true], ['Memories', row => number(row.memories), true],
    ], rows, 'No tenant has anything yet.'));
  } catch (failure) {
    if (failure.name !== 'AbortError') fill(place, problem(failure));
  }
}

async function showUsage(place, signal) {
  try {
    const [usage, days, largest, hottest, users, settings] = await Promise.all([
      get('v1/usage', { signal }), get('v1/usage/days?days=30', { signal }), get('v1/usage/conversations?limit=10', { signal }),
      get('v1/usage/conversations?order=hottest&withinSeconds=86400&limit=10', { signal }), get('v1/usage/users?limit=10', { signal }), get('v1/tenant', { signal }),
    ]);
    const quotas = usage.quotas ?? {};
    const open = row => h('a', { href: `#/conversations/${encodeURIComponent(row.id)}` }, row.id);
    const user = value => value ? h('a', { href: `#/conversations?user=${encodeURIComponent(value)}` }, value) : '–';
    fill(place,
      h('div.tiles', null,
        tile('Conversations', number(usage.conversations), usage.conversations, quotas.maxConversations, number),
        tile('Messages', number(usage.messages)),
        tile('Stored', bytes(usage.bytes + usage.memoryBytes), usage.bytes + usage.memoryBytes, quotas.maxBytes, bytes),
        tile('Memories', number(usage.memories), usage.memories, quotas.maxMemories, number)),
      may('Operator') ? h('p.actions', null, h('button', { type: 'button', onclick: () => attempt(() => setQuotas(quotas, place, signal)) }, 'Set quotas')) : null,
      h('h2', null, 'Turns a day'), chart(days.days),
      h('h2', null, 'Limits'),
      h('dl', null,
        h('dt', null, 'Default time to live'), h('dd', null, settings.livesForever ? 'does not expire' : settings.defaultTtl ? `${number(settings.defaultTtl.seconds)} s` : 'as the silos are configured'),
        h('dt', null, 'Every conversation names its user'), h('dd', null, settings.requiresUser ? 'yes' : 'no'),
        h('dt', null, 'API keys of its own'), h('dd', null, number((settings.apiKeys?.length ?? 0) + (settings.apiKeyHashes?.length ?? 0))),
        Object.entries(settings.limits ?? {}).filter(([, value]) => value !== null).map(([name, value]) => [h('dt', null, name), h('dd', null, number(value))])),
      table('Largest conversations', [['Conversation', open], ['User', row => user(row.userId)], ['Messages', row => number(row.messages), true], ['Stored', row => bytes(row.bytes), true]], largest.conversations),
      table('Hottest conversations of the last day', [['Conversation', open], ['User', row => user(row.userId)], ['Turns', row => number(row.turns), true], ['Newest turn', row => time(row.updatedAt, { relative: true })]], hottest.conversations),
      table('Users by what they store', [['User', row => user(row.userId)], ['Conversations', row => number(row.conversations), true], ['Stored', row => bytes(row.bytes), true], ['Memories', row => number(row.memories), true]], users.users));
  } catch (failure) {
    if (failure.name !== 'AbortError') fill(place, problem(failure));
  }
}

function tile(label, shown, value, quota, write) {
  return h('div.tile', null, h('span.quiet', null, label), h('strong', null, shown),
    quota !== null && quota !== undefined ? [h('meter', { min: 0, max: quota, value, 'aria-label': `${label} of the quota` }), h('span.quiet', null, `of ${write(quota)}`)] : null);
}

function chart(days) {
  if (!days.length) return h('p.empty', null, 'No turns in the last 30 days.');
  const most = Math.max(1, ...days.map(day => day.turns));
  const width = 640 / 30;
  const today = Date.parse(new Date(clock.now()).toISOString().slice(0, 10));
  const bars = days.map(day => {
    const at = 29 - Math.round((today - Date.parse(day.day)) / 86400000);
    const height = 100 * day.turns / most;
    return svg('rect', { x: at * width + 2, y: 110 - height, width: width - 4, height, rx: 2 }, svg('title', {}, `${day.day}: ${number(day.turns)} turns, ${number(day.messages)} messages, ${bytes(day.bytes)}`));
  });
  return h('figure.chart', null,
    svg('svg', { viewBox: '0 0 640 120', role: 'img', 'aria-label': `Turns on each of the last 30 days, at most ${most}` }, svg('line', { x1: 0, y1: 110, x2: 640, y2: 110 }), ...bars),
    h('figcaption.quiet', null, `At most ${number(most)} turns a day, 30 days by UTC.`));
}

async function setQuotas(quotas, place, signal) {
  const names = [['maxConversations', 'Conversations at most'], ['maxBytes', 'Bytes at most'], ['maxMemories', 'Memories at most']];
  const answer = await ask(`Quotas of ${session.caller.tenant}`, {
    text: 'What is left empty is no quota.', action: 'Set',
    fields: names.map(([name, label]) => [name, label, { type: 'number', min: 0, value: quotas[name] ?? '' }]),
  });
  if (!answer) return;
  await put(path('v1', 'tenants', session.caller.tenant, 'quotas'), Object.fromEntries(names.map(([name]) => [name, answer[name] === '' ? null : Number(answer[name])])));
  toast('Quotas are set. Every silo goes by them within 30 seconds.');
  await showUsage(place, signal);
}

// The silos of the cluster at a glance.
import { h, fill, number, bytes, time, table, problem } from './dom.js';
import { get, session } from './api.js';

const every = 3000;

/** Shows the page, and keeps it fresh until the signal. */
export async function showSilos(place, values, { signal }) {
  const list = h('div', { 'aria-live': 'off' });
  fill(place, h('h1', { tabIndex: -1 }, 'Silos'), h('p', null, 'More of them: ', h('a', { href: 'dashboard' }, 'the Orleans dashboard'), ' and ', session.key ? h('code', null, '/metrics') : h('a', { href: 'metrics' }, 'metrics'), session.key ? ', both with an operator\'s key.' : '.'), list);
  let isReading = false;
  async function load() {
    if (isReading || document.hidden) return;
    isReading = true;
    const left = list.querySelector('.scroller')?.scrollLeft ?? 0;
    try {
      const { silos } = await get('v1/silos', { signal });
      fill(list, table(`${number(silos.length)} silo${silos.length === 1 ? '' : 's'}`, [
        ['Silo', silo => silo.name],
        ['Status', silo => h(`span.state.${silo.status === 'Active' ? 'good' : 'waiting'}`, null, silo.status)],
        ['Turns queued', silo => number(silo.queuedTurns), true],
        ['Active grains', silo => number(silo.activeGrains), true],
        ['Memories held', silo => number(silo.heldMemories), true],
        ['Feed readers', silo => number(silo.feedReaders), true],
        ['Memory', silo => bytes(silo.memoryBytes), true],
        ['Started', silo => time(silo.startedAt, { relative: true })],
        ['Address', silo => h('code', null, silo.address)],
      ], silos));
      list.querySelector('.scroller').scrollLeft = left;
    } catch (failure) {
      if (failure.name !== 'AbortError') fill(list, problem(failure));
    } finally {
      isReading = false;
    }
  }
  const timer = setInterval(load, every);
  signal.addEventListener('abort', () => clearInterval(timer));
  await load();
}

// What a model would be sent of a conversation, for a window of a chosen size.
import { h, fill, number, problem, attempt, seldom } from './dom.js';
import { get, query, conversationPath } from './api.js';
import { excerpt } from './contents.js';

const sizes = [500, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 1000000];

/** Shows the window, and marks in the transcript what is in it and what fell out. */
export async function showWindow(panel, { conversation, transcript, signal, refresh }) {
  const chosen = Number(localStorage.getItem('orleansmemory.window')) || 4000;
  const tokens = h('input', { type: 'number', id: 'window-tokens', min: 1, max: 1000000, value: chosen, required: true });
  const scale = h('input', { type: 'range', min: 0, max: sizes.length - 1, value: nearest(chosen), 'aria-label': 'Size of the window' });
  const messages = h('input', { type: 'number', id: 'window-messages', min: 1, max: 1000, placeholder: '1,000' });
  const answer = h('div', { 'aria-live': 'polite' });
  let current = 0;

  scale.addEventListener('input', () => { tokens.value = sizes[scale.value]; });
  scale.addEventListener('change', load);
  tokens.addEventListener('change', () => { scale.value = nearest(Number(tokens.value)); load(); });
  messages.addEventListener('change', load);

  const form = h('form.window', { onsubmit: event => { event.preventDefault(); load(); } },
    h('p.field', null, h('label', { htmlFor: 'window-tokens' }, 'Tokens at most'), tokens, scale),
    h('p.field', null, h('label', { htmlFor: 'window-messages' }, 'Messages at most'), messages));
  fill(panel, form, answer);

  async function load() {
    if (refresh.state !== renew || !form.checkValidity()) return;
    const call = ++current;
    const budget = Number(tokens.value);
    const newest = conversation.lastSequence;
    try {
      const window = await get(conversationPath(conversation.id, 'window') + query({ maxTokens: tokens.value, maxMessages: messages.value }), { signal });
      if (call !== current || refresh.state !== renew) return;
      localStorage.setItem('orleansmemory.window', String(budget));
      draw(window, budget, newest);
    } catch (failure) {
      if (failure.name === 'AbortError' || call !== current || refresh.state !== renew) return;
      transcript.mark(null);
      fill(answer, problem(failure));
    }
  }

  function draw(window, budget, newest) {
    const inside = new Map();
    for (const { tokens: count, message } of window.messages) {
      const known = inside.get(message.sequence);
      inside.set(message.sequence, { tokens: count + (known?.tokens ?? 0), isPart: known !== undefined });
    }
    transcript.mark(inside, newest);
    fill(answer,
      h('p', null, h('strong', null, number(window.tokens)), ` of ${number(budget)} tokens in ${number(inside.size)} message${inside.size === 1 ? '' : 's'}. `,
        window.leftOut ? h('strong.fell', null, `${number(window.leftOut)} fell out.`) : 'Nothing fell out.'),
      h('meter', { min: 0, max: budget, value: window.tokens, 'aria-label': 'Used of the window' }),
      h('ol.window', null, window.messages.slice(0, 500).map(({ tokens: count, message }) => h('li', null,
        h('button.hit', { type: 'button', onclick: () => attempt(() => transcript.jump(message.sequence)) },
          h('span.sequence', null, `#${number(message.sequence)}`), h(`span.role.${message.role}`, null, message.role),
          h('span.line', { dir: 'auto' }, excerpt(message, 70)), h('span.count', null, number(count)))))),
      window.messages.length > 500 ? h('p.quiet', null, `And ${number(window.messages.length - 500)} more.`) : null,
      h('p.quiet', null, 'Tokens are estimated: instructions and tools of a call are not counted.'));
  }

  // Each answer reads up to 1,000 messages: a busy conversation asks for one a second, not for one a message.
  const renew = seldom(load, 1000);
  refresh.state = renew;
  await load();
}

function nearest(tokens) {
  const index = sizes.findIndex(size => size >= tokens);
  return index < 0 ? sizes.length - 1 : index;
}

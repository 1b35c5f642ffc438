// A log of any length in a box that scrolls: a few pages of it are in the document, and more are read when the reader comes near the end of them.
import { h, fill, number, problem, attempt } from './dom.js';
import { get, query, conversationPath } from './api.js';
import { message } from './contents.js';

const page = 60;
const most = 240;
const near = 800;

export class Transcript {
  /** `actions(message)` makes the buttons of a message; `onchange` is told when what is shown changes. */
  constructor(conversation, { signal, actions }) {
    this.conversation = conversation;
    this.signal = signal;
    this.actions = actions;
    this.calls = new Map();
    this.shown = [];
    this.window = null;
    this.reading = false;
    this.unseen = 0;
    this.list = h('div.messages', { role: 'feed', 'aria-label': 'Messages', 'aria-busy': 'false' });
    this.box = h('div.transcript', { tabIndex: 0, 'aria-label': 'Transcript' }, this.list);
    this.slider = h('input', { type: 'range', min: 1, max: 1, value: 1, 'aria-label': 'Position in the conversation' });
    this.position = h('output.quiet', null, '');
    this.latest = h('button.latest', { type: 'button', hidden: true, onclick: () => this.toEnd() }, 'Newest messages');
    this.element = h('section.log', { 'aria-label': 'Log' }, this.box, h('div.position', null, this.slider, this.position, this.latest));
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.slider.addEventListener('change', () => attempt(() => this.jump(Number(this.slider.value))));
    this.slider.addEventListener('input', () => { this.position.value = `#${number(Number(this.slider.value))}`; });
  }

  get first() { return this.shown[0]?.sequence ?? null; }

  get last() { return this.shown.at(-1)?.sequence ?? null; }

  get isAtEnd() { return this.last === null || this.last >= this.conversation.lastSequence; }

  #isNearBottom() { return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 80; }

  async #read(values) {
    const answer = await get(conversationPath(this.conversation.id, 'messages') + query({ limit: page, ...values }), { signal: this.signal });
    return answer.messages;
  }

  /** Shows the newest messages. */
  async toEnd() {
    await this.#busy(async () => {
      this.#show(await this.#read({}));
      this.box.scrollTop = this.box.scrollHeight;
      this.#seen();
    });
  }

  /** Shows a message and those around it. */
  async jump(sequence) {
    await this.#busy(async () => {
      const after = await this.#read({ after: Math.max(0, sequence - 1) });
      const before = await this.#read({ before: sequence });
      this.#show([...before, ...after]);
      const there = this.#element(sequence) ?? this.#element(after[0]?.sequence ?? this.last);
      if (there) {
        this.box.scrollTop = Math.max(0, there.offsetTop - this.list.offsetTop - 40);
        there.classList.add('found');
        there.focus({ preventScroll: true });
      }
    });
  }

  /** Moves to the next or previous message. */
  step(by) {
    const current = document.activeElement?.closest?.('article.message');
    const articles = [...this.list.querySelectorAll('article.message')];
    const index = current ? articles.indexOf(current) + by : this.#isNearBottom() ? articles.length - 1 : articles.findIndex(article => article.offsetTop - this.list.offsetTop >= this.box.scrollTop);
    const next = articles[Math.min(articles.length - 1, Math.max(0, index))];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  }

  /** A message of the feed. */
  add(one) {
    if (one.sequence <= this.conversation.lastSequence) return;
    const follows = this.isAtEnd;
    const stays = !this.#isNearBottom();
    this.conversation.lastSequence = one.sequence;
    this.conversation.messageCount = one.sequence - this.conversation.firstSequence + 1;
    if (follows) {
      this.shown.push(one);
      this.list.append(this.#make(one));
      if (!stays) {
        this.#trimFront();
        this.box.scrollTop = this.box.scrollHeight;
      }
    }
    if (stays || !follows) this.unseen++;
    this.#tell();
  }

  /** Everything before a sequence is gone. */
  truncate(firstSequence) {
    this.conversation.firstSequence = firstSequence;
    this.shown = this.shown.filter(one => one.sequence >= firstSequence);
    for (const article of [...this.list.querySelectorAll('article.message')]) {
      if (Number(article.dataset.sequence) < firstSequence) article.remove();
    }
    this.#tell();
  }

  /** Marks what a model would be sent: a map of sequences to {tokens, isPart}; null marks nothing. */
  mark(window) {
    this.window = window;
    for (const article of this.list.querySelectorAll('article.message')) this.#markOne(article);
  }

  #markOne(article) {
    const place = article.querySelector('.tokens');
    const inside = this.window?.get(Number(article.dataset.sequence));
    article.classList.toggle('fallen', this.window !== null && !inside);
    place.hidden = this.window === null;
    place.textContent = this.window === null ? '' : inside ? `${number(inside.tokens)} tokens${inside.isPart ? ', in part' : ''}` : 'fell out';
  }

  #make(one) {
    const article = message(one, { calls: this.calls, total: this.conversation.lastSequence, actions: this.actions(one) });
    this.#markOne(article);
    return article;
  }

  #show(messages) {
    this.shown = messages;
    fill(this.list, messages.length ? messages.map(one => this.#make(one)) : h('p.empty', null, 'No messages.'));
    this.#tell();
  }

  #element(sequence) { return this.list.querySelector(`article[data-sequence="${Number(sequence)}"]`); }

  async #scrolled() {
    if (this.reading || !this.shown.length) return;
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (scrollTop < near && this.first > this.conversation.firstSequence) await attempt(() => this.#busy(() => this.#readOlder()));
    else if (scrollHeight - scrollTop - clientHeight < near && !this.isAtEnd) await attempt(() => this.#busy(() => this.#readNewer()));
    if (this.isAtEnd && this.#isNearBottom()) this.#seen();
    this.#tell();
  }

  async #readOlder() {
    const older = await this.#read({ before: this.first });
    if (!older.length) {
      this.conversation.firstSequence = this.first;
      return;
    }
    this.#keepPlace(() => {
      this.shown.unshift(...older);
      this.list.prepend(...older.map(one => this.#make(one)));
      while (this.shown.length > most) {
        this.shown.pop();
        this.list.lastElementChild.remove();
      }
    });
  }

  async #readNewer() {
    const newer = await this.#read({ after: this.last });
    if (!newer.length) {
      this.conversation.lastSequence = this.last;
      return;
    }
    this.#keepPlace(() => {
      this.shown.push(...newer);
      this.list.append(...newer.map(one => this.#make(one)));
      this.#trimFront();
    });
  }

  #trimFront() {
    while (this.shown.length > most) {
      this.shown.shift();
      this.list.firstElementChild.remove();
    }
  }

  // What the reader looks at stays where it is, whatever comes or goes above it.
  #keepPlace(change) {
    const top = this.box.getBoundingClientRect().top;
    const anchor = [...this.list.children].find(article => article.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) this.box.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  async #busy(action) {
    if (this.reading) return;
    this.reading = true;
    this.list.setAttribute('aria-busy', 'true');
    try {
      await action();
    } catch (failure) {
      if (!this.shown.length && failure.name !== 'AbortError') fill(this.list, problem(failure));
      else throw failure;
    } finally {
      this.reading = false;
      this.list.setAttribute('aria-busy', 'false');
    }
  }

  #seen() {
    this.unseen = 0;
    this.#tell();
  }

  #tell() {
    const { firstSequence, lastSequence, messageCount } = this.conversation;
    const top = this.box.getBoundingClientRect().top;
    const seen = [...this.list.children].find(article => article.dataset.sequence && article.getBoundingClientRect().bottom > top)?.dataset.sequence ?? this.last ?? 0;
    this.slider.min = Math.min(firstSequence, lastSequence);
    this.slider.max = lastSequence;
    this.slider.value = this.isAtEnd && this.#isNearBottom() ? lastSequence : seen;
    this.slider.disabled = messageCount < 2;
    this.slider.setAttribute('aria-valuetext', `Message ${seen} of ${lastSequence}`);
    this.position.value = messageCount ? `#${number(Number(this.slider.value))} of ${number(lastSequence)}` : 'no messages';
    this.latest.hidden = this.isAtEnd && (this.#isNearBottom() || !this.unseen);
    this.latest.textContent = this.unseen ? `${number(this.unseen)} new ↓` : 'Newest ↓';
  }
}

// A log of any length in a box that scrolls: a few pages of it are in the document, and more are read when the reader comes near the end of them.
import { h, fill, number, problem, attempt } from './dom.js';
import { get, query, conversationPath } from './api.js';
import { message } from './contents.js';

const page = 60;
const most = 240;
const near = 800;

// How long messages of the feed are gathered before they are shown: a busy conversation is laid out once for all of them.
const gather = 40;
const patience = 3;

export class Transcript {
  /** `actions(message)` makes the buttons of a message; `onchange` is told when the feed has changed what is known of the conversation. */
  constructor(conversation, { signal, actions, onchange }) {
    this.conversation = conversation;
    this.signal = signal;
    this.actions = actions;
    this.onchange = onchange;
    this.calls = new Map();
    this.shown = [];
    this.arrived = [];
    this.window = null;
    this.reading = false;
    this.turn = 0;
    this.pausedUntil = 0;
    this.unseen = 0;
    this.list = h('div.messages', { role: 'feed', 'aria-label': 'Messages', 'aria-busy': 'false' });
    this.box = h('div.transcript', { tabIndex: 0, 'aria-label': 'Transcript' }, this.list);
    this.slider = h('input', { type: 'range', min: 1, max: 1, value: 1, 'aria-label': 'Position in the conversation' });
    this.position = h('output.quiet', null, '');
    this.latest = h('button.latest', { type: 'button', hidden: true, onclick: () => attempt(() => this.toEnd()) }, 'Newest messages');
    this.element = h('section.log', { 'aria-label': 'Log' }, this.box, h('div.position', null, this.slider, this.position, this.latest));
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.list.addEventListener('load', () => { if (this.isFollowing) this.box.scrollTop = this.box.scrollHeight; }, true);
    this.slider.addEventListener('change', () => {
      this.isSliding = false;
      attempt(() => this.jump(Number(this.slider.value), { focus: false }));
    });
    this.slider.addEventListener('input', () => {
      this.isSliding = true;
      this.position.value = `#${number(Number(this.slider.value))}`;
    });
  }

  get first() { return this.shown[0]?.sequence ?? null; }

  get last() { return this.shown.at(-1)?.sequence ?? null; }

  get isAtEnd() {
    const { firstSequence, lastSequence } = this.conversation;
    return this.last === null ? lastSequence < firstSequence : this.last >= lastSequence;
  }

  #isNearBottom() { return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 80; }

  // What has been truncated while it was read is left out, and what is newer than the feed has said is known from here: the feed says it again.
  async #read(values) {
    const answer = await get(conversationPath(this.conversation.id, 'messages') + query({ limit: page, ...values }), { signal: this.signal });
    const messages = answer.messages.filter(one => one.sequence >= this.conversation.firstSequence);
    this.#know(messages);
    return messages;
  }

  #know(messages) {
    const known = this.conversation;
    known.lastSequence = Math.max(known.lastSequence, messages.at(-1)?.sequence ?? 0);
    known.messageCount = Math.max(0, known.lastSequence - known.firstSequence + 1);
  }

  /** Shows the newest messages. */
  async toEnd() {
    await this.#go(async isWanted => {
      const newest = await this.#read({});
      if (!isWanted()) return;
      this.#show(newest);
      this.box.scrollTop = this.box.scrollHeight;
      this.isFollowing = this.isAtEnd;
      this.#seen();
    });
  }

  /** Shows a message and those around it. */
  async jump(sequence, { focus = true } = {}) {
    await this.#go(async isWanted => {
      const at = Math.max(1, Math.trunc(sequence));
      const after = await this.#read({ after: at - 1 });
      const before = await this.#read({ before: at });
      if (!isWanted()) return;
      this.#show([...before, ...after]);
      const there = this.#element(at) ?? this.#element(after[0]?.sequence ?? this.last);
      if (there) {
        this.box.scrollTop = Math.max(0, there.offsetTop - this.list.offsetTop - 40);
        there.classList.add('found');
        if (focus) there.focus({ preventScroll: true });
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
    this.arrived.push(one);
    this.gathering ??= setTimeout(() => this.#flush(), gather);
  }

  // While a page is read the feed waits: what is appended meanwhile would be lost with what the page replaces, or stand there twice.
  #flush() {
    this.gathering = null;
    if (this.reading) return;
    const news = this.arrived.filter(one => one.sequence > this.conversation.lastSequence && one.sequence >= this.conversation.firstSequence);
    const isNew = this.arrived.length > 0;
    this.arrived = [];
    if (news.length) {
      const stays = !this.#isNearBottom();
      const follows = this.isAtEnd && (!stays || this.shown.length + news.length <= most);
      this.#know(news);
      if (follows) this.#append(news, stays);
      if (stays || !follows) this.unseen += news.length;
    }
    this.#tell();
    if (isNew) this.onchange?.();
  }

  #append(news, stays) {
    if (!this.shown.length || news.length >= most) {
      this.#show(news.slice(-most));
    } else {
      this.shown.push(...news);
      this.list.append(...news.map(one => this.#make(one)));
      if (!stays) this.#trimFront();
    }
    if (!stays) this.box.scrollTop = this.box.scrollHeight;
  }

  /** Everything before a sequence is gone. */
  truncate(firstSequence) {
    this.#flush();
    this.conversation.firstSequence = firstSequence;
    this.#know([]);
    this.shown = this.shown.filter(one => one.sequence >= firstSequence);
    for (const article of [...this.list.querySelectorAll('article.message')]) {
      if (Number(article.dataset.sequence) < firstSequence) article.remove();
    }
    if (!this.shown.length) attempt(() => this.toEnd());
    this.#tell();
    this.onchange?.();
  }

  /** Marks what a model would be sent: a map of sequences to {tokens, isPart}, of a log that ended with `newest`; null marks nothing. */
  mark(window, newest = Infinity) {
    this.window = window;
    this.windowEnd = newest;
    for (const article of this.list.querySelectorAll('article.message')) this.#markOne(article);
  }

  #markOne(article) {
    const place = article.querySelector('.tokens');
    const sequence = Number(article.dataset.sequence);
    const inside = this.window?.get(sequence);
    const isKnown = inside !== undefined || (this.window !== null && sequence <= this.windowEnd);
    article.classList.toggle('fallen', isKnown && !inside);
    place.hidden = !isKnown;
    place.textContent = !isKnown ? '' : inside ? `${number(inside.tokens)} tokens${inside.isPart ? ', in part' : ''}` : 'fell out';
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
    this.isFollowing = this.isAtEnd && this.#isNearBottom();
    if (this.reading || this.signal.aborted || !this.shown.length) return;
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const rests = Date.now() < this.pausedUntil;
    if (rests) {
      // The silo has refused a page: this is tried again later, and not with every turn of the wheel.
    } else if (scrollTop < near && this.first > this.conversation.firstSequence) {
      await attempt(() => this.#go(isWanted => this.#readOlder(isWanted)));
    } else if (scrollHeight - scrollTop - clientHeight < near && !this.isAtEnd) {
      await attempt(() => this.#go(isWanted => this.#readNewer(isWanted)));
    }
    if (this.isAtEnd && this.#isNearBottom()) this.#seen();
    this.#tell();
  }

  async #readOlder(isWanted) {
    const older = await this.#read({ before: this.first });
    if (!isWanted()) return;
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

  async #readNewer(isWanted) {
    const newer = await this.#read({ after: this.last });
    if (!isWanted()) return;
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

  // Whoever goes somewhere does not wait for a page that is being read, and that page is not shown any more.
  async #go(action) {
    const turn = ++this.turn;
    const isWanted = () => turn === this.turn;
    this.reading = true;
    this.list.setAttribute('aria-busy', 'true');
    try {
      await action(isWanted);
    } catch (failure) {
      if (!isWanted()) return;
      this.pausedUntil = Date.now() + 1000 * (failure.retryAfter ?? patience);
      setTimeout(() => this.#scrolled(), this.pausedUntil - Date.now() + 1);
      if (this.shown.length || failure.name === 'AbortError') throw failure;
      fill(this.list, problem(failure), h('button', { type: 'button', onclick: () => attempt(() => this.toEnd()) }, 'Try again'));
    } finally {
      if (isWanted()) {
        this.reading = false;
        this.list.setAttribute('aria-busy', 'false');
        this.#flush();

        // A page of few messages, or of short ones, does not fill the box, and what does not scroll asks for no more.
        if (Date.now() >= this.pausedUntil) setTimeout(() => this.#scrolled());
      }
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
    if (!this.isSliding) this.slider.value = this.isAtEnd && this.#isNearBottom() ? lastSequence : seen;
    this.slider.disabled = messageCount < 2;
    this.slider.setAttribute('aria-valuetext', `Message ${seen} of ${lastSequence}`);
    this.position.value = messageCount ? `#${number(Number(this.slider.value))} of ${number(lastSequence)}` : 'no messages';
    this.latest.hidden = this.isAtEnd && (this.#isNearBottom() || !this.unseen);
    this.latest.textContent = this.unseen ? `${number(this.unseen)} new ↓` : 'Newest ↓';
  }
}

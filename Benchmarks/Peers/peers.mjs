// What one more message costs in the stores that Node programs choose today, beside OrleansMemory over HTTP, all from this one process and on one PostgreSQL.
//   node peers.mjs <postgres://…> <http://silo> [seconds per slice]
import http from 'node:http';
import pg from 'pg';

const [database, silo, seconds = '2'] = process.argv.slice(2);
const conversations = 32;
const rounds = 3;
const sliceMs = Number(seconds) * 1000;
const text = 'A message of three hundred bytes, as people write them to an assistant when they plan a journey. '.repeat(4).slice(0, 300);
const run = Date.now().toString(36);
let unique = 0;

// The least that keeps a message: one row, one commit.
async function bareInsert() {
  const pool = new pg.Pool({ connectionString: database, max: conversations });
  await pool.query('create table if not exists bare_message (conversation text not null, id bigint generated always as identity primary key, body json not null)');
  return {
    append: conversation => pool.query('insert into bare_message (conversation, body) values ($1, $2)', [`c${conversation}`, JSON.stringify({ role: 'user', content: text })]),
    close: () => pool.end(),
  };
}

// Sent as any HTTP client does it: kept-alive connections, one turn a request, under an idempotency key.
async function orleansMemory() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: conversations });
  const address = new URL(silo);
  const append = conversation => new Promise((resolve, reject) => {
    const body = JSON.stringify({ turnId: `t-${run}-${++unique}`, messages: [{ role: 'user', content: text }] });
    const request = http.request(
      { host: address.hostname, port: address.port, method: 'POST', path: `/v1/conversations/peer-${run}-${conversation}/turns`, agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      response => {
        response.resume();
        response.on('end', () => response.statusCode === 201 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)));
      });
    request.on('error', reject);
    request.end(body);
  });
  return { append, close: () => agent.destroy() };
}

async function langChain() {
  const { PostgresChatMessageHistory } = await import('@langchain/community/stores/message/postgres');
  const { HumanMessage } = await import('@langchain/core/messages');
  const pool = new pg.Pool({ connectionString: database, max: conversations });
  const histories = Array.from({ length: conversations }, (_, i) => new PostgresChatMessageHistory({ sessionId: `${run}-${i}`, pool }));
  await histories[0].addMessage(new HumanMessage(text));
  return { append: conversation => histories[conversation].addMessage(new HumanMessage(text)), close: () => pool.end() };
}

// A graph of one node that adds nothing: what a turn costs is the checkpoints.
async function langGraph() {
  const { StateGraph, MessagesAnnotation, START, END } = await import('@langchain/langgraph');
  const { PostgresSaver } = await import('@langchain/langgraph-checkpoint-postgres');
  const { HumanMessage } = await import('@langchain/core/messages');
  const pool = new pg.Pool({ connectionString: database, max: conversations });
  const checkpointer = new PostgresSaver(pool);
  await checkpointer.setup();
  const graph = new StateGraph(MessagesAnnotation).addNode('answer', () => ({})).addEdge(START, 'answer').addEdge('answer', END).compile({ checkpointer });
  return {
    append: conversation => graph.invoke({ messages: [new HumanMessage(text)] }, { configurable: { thread_id: `${run}-${conversation}` } }),
    close: () => pool.end(),
  };
}

async function mastra() {
  const { PostgresStore } = await import('@mastra/pg');
  const store = new PostgresStore({ id: 'peers', connectionString: database, max: conversations });
  await store.init();
  const memory = await store.getStore('memory');
  const now = new Date();
  for (let i = 0; i < conversations; i++) {
    await memory.saveThread({ thread: { id: `${run}-${i}`, resourceId: 'u', title: 't', metadata: {}, createdAt: now, updatedAt: now } });
  }

  return {
    append: conversation => memory.saveMessages({
      messages: [{
        id: `${run}-${++unique}`, threadId: `${run}-${conversation}`, resourceId: 'u', role: 'user', type: 'v2', createdAt: new Date(),
        content: { format: 2, parts: [{ type: 'text', text }] },
      }],
    }),
    close: () => store.close?.(),
  };
}

async function adk() {
  const { DatabaseSessionService, createEvent } = await import('@google/adk');
  const service = new DatabaseSessionService(database);
  await service.init();
  const sessions = [];
  for (let i = 0; i < conversations; i++) {
    sessions.push(await service.createSession({ appName: 'peers', userId: 'u', sessionId: `${run}-${i}` }));
  }

  return {
    append: conversation => service.appendEvent({ session: sessions[conversation], event: createEvent({ author: 'user', content: { role: 'user', parts: [{ text }] } }) }),
    close: () => undefined,
  };
}

// Each worker has a conversation of its own, and waits for one append before the next.
async function slice(subject, workers) {
  const times = [];
  let failed = 0;
  const started = performance.now();
  await Promise.all(Array.from({ length: workers }, async (_, worker) => {
    while (performance.now() - started < sliceMs) {
      const before = performance.now();
      try {
        await subject.append(worker);
        times.push(performance.now() - before);
      } catch {
        failed++;
      }
    }
  }));
  times.sort((a, b) => a - b);
  return { perSecond: times.length / ((performance.now() - started) / 1000), p50: times[times.length >> 1] ?? NaN, failed };
}

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];
const makers = { 'single INSERT (node-postgres)': bareInsert, 'OrleansMemory over HTTP': orleansMemory, 'LangChain PostgresChatMessageHistory': langChain, 'Mastra PostgresStore': mastra, 'LangGraph PostgresSaver': langGraph, 'Google ADK DatabaseSessionService': adk };
const subjects = [];
for (const [name, make] of Object.entries(makers)) {
  try {
    const subject = await make();
    await slice(subject, conversations);
    subjects.push({ name, subject, many: [], one: [] });
  } catch (failure) {
    console.error(`${name} is left out: ${failure.message}`);
  }
}

for (let round = 0; round < rounds; round++) {
  for (const { subject, many, one } of subjects) {
    many.push(await slice(subject, conversations));
    one.push(await slice(subject, 1));
  }
}

console.log(`| store | appends/s, ${conversations} workers | p50, 1 worker | failed |\n|---|---|---|---|`);
for (const { name, many, one } of subjects) {
  const failed = [...many, ...one].reduce((sum, result) => sum + result.failed, 0);
  console.log(`| ${name} | ${Math.round(median(many.map(result => result.perSecond)))} | ${median(one.map(result => result.p50)).toFixed(2)} ms | ${failed} |`);
}

for (const { subject } of subjects) {
  await subject.close();
}

process.exit(0);

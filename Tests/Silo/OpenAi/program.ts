// Run by OpenAiSdkTests: node program.js <base address> <key>
import assert from "node:assert/strict";
import OpenAI from "openai";
import type { Conversation, ConversationDeletedResource } from "openai/resources/conversations/conversations";
import type { ConversationItem, ConversationItemList } from "openai/resources/conversations/items";
import type { ResponseIncludable, ResponseInputItem } from "openai/resources/responses/responses";

const baseURL = process.argv[2]!;
const apiKey = process.argv[3]!;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const everything: ResponseIncludable[] = [
  "message.input_image.image_url", "message.output_text.logprobs", "reasoning.encrypted_content", "file_search_call.results", "web_search_call.action.sources",
  "code_interpreter_call.outputs", "computer_call_output.output.image_url",
];
const image = "data:image/png;base64,iVBORw0KGgo=";

const items: ResponseInputItem[] = [
  { type: "message", role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
  { role: "user", content: "What is this?" },
  {
    type: "message", role: "user",
    content: [
      { type: "input_text", text: "And this? \u0000 \u{1F600}" }, { type: "input_image", detail: "high", image_url: image, file_id: null },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" },
    ],
  },
  { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "why" }], encrypted_content: "sealed" },
  { type: "function_call", id: "fc_1", call_id: "call_1", name: "find", arguments: "{\"city\": \"Lisbon\"}", status: "completed" },
  { type: "function_call_output", id: "fco_1", call_id: "call_1", output: [{ type: "input_text", text: "Alfama Inn" }], status: "completed" },
  {
    type: "message", id: "msg_answer", role: "assistant", status: "completed", phase: "final_answer",
    content: [
      { type: "output_text", text: "A dot.", annotations: [{ type: "url_citation", url: "https://example.com", title: "t", start_index: 0, end_index: 1 }], logprobs: [{ token: "A", bytes: [65], logprob: -0.5, top_logprobs: [] }] },
      { type: "refusal", refusal: "no" },
    ],
  },
  { type: "image_generation_call", id: "ig_1", status: "completed", result: "iVBORw0KGgo=" },
  { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q", queries: ["q"], sources: [{ type: "url", url: "https://example.com" }] } },
  { type: "mcp_call", id: "mcp_1", server_label: "s", name: "n", arguments: "{}", output: "o" },
];

// What a caller may leave out is filled in; nothing else differs.
function expected(item: ResponseInputItem, id: string): unknown {
  const whole: Record<string, unknown> = { ...(item as unknown as Record<string, unknown>), id };
  whole["type"] ??= "message";
  if (["message", "function_call", "function_call_output"].includes(whole["type"] as string)) {
    whole["status"] ??= "completed";
  }
  if (typeof whole["content"] === "string") {
    whole["content"] = [{ type: "input_text", text: whole["content"] }];
  }
  return whole;
}

async function all(id: string, order: "asc" | "desc", limit: number): Promise<ConversationItem[]> {
  const found: ConversationItem[] = [];
  for await (const item of client.conversations.items.list(id, { order, limit, include: everything })) {
    found.push(item);
  }
  return found;
}

async function fails<E>(kind: new (...parts: any[]) => E, work: () => Promise<unknown>): Promise<E> {
  try {
    await work();
  } catch (error) {
    if (error instanceof kind) {
      return error;
    }
    throw error;
  }
  throw new Error(`${kind.name} is expected`);
}

async function conversations(): Promise<void> {
  const { data: created, request_id } = await client.conversations.create({ metadata: { topic: "demo" }, items: [{ role: "user", content: "Hello!" }] }).withResponse();
  assert.ok(request_id);
  const conversation: Conversation = created;
  assert.equal(conversation.object, "conversation");
  assert.ok(Math.abs(conversation.created_at - Date.now() / 1000) < 600);
  assert.deepEqual(conversation.metadata, { topic: "demo" });
  assert.deepEqual(await client.conversations.retrieve(conversation.id), conversation);
  const updated = await client.conversations.update(conversation.id, { metadata: { topic: "other", more: "x" } });
  assert.deepEqual(updated, { ...conversation, metadata: { topic: "other", more: "x" } });
  assert.deepEqual((await client.conversations.update(conversation.id, { metadata: null })).metadata, {});
  assert.equal((await all(conversation.id, "asc", 10)).length, 1);
  const deleted: ConversationDeletedResource = await client.conversations.delete(conversation.id);
  assert.deepEqual(deleted, { id: conversation.id, object: "conversation.deleted", deleted: true });
  const gone = await fails(OpenAI.NotFoundError, () => client.conversations.retrieve(conversation.id));
  assert.deepEqual([gone.status, gone.type, gone.code], [404, "invalid_request_error", "conversation-not-found"]);
  assert.ok(gone.requestID);
  assert.deepEqual((await client.conversations.create()).metadata, {});
}

async function everyItem(): Promise<void> {
  const { id } = await client.conversations.create({});
  const list: ConversationItemList = await client.conversations.items.create(id, { items, include: everything });
  assert.equal(list.has_more, false);
  assert.deepEqual(list.data, items.map((item, at) => expected(item, list.data[at]!.id!)));
  for (const limit of [1, 3, 100]) {
    assert.deepEqual(await all(id, "asc", limit), list.data);
    assert.deepEqual(await all(id, "desc", limit), [...list.data].reverse());
  }
  for (const item of list.data) {
    assert.deepEqual(await client.conversations.items.retrieve(item.id!, { conversation_id: id, include: everything }), item);
  }
  const bare = await client.conversations.items.retrieve("rs_1", { conversation_id: id });
  assert.ok(bare.type === "reasoning" && bare.encrypted_content === undefined);

  const conversation = await client.conversations.items.delete("fc_1", { conversation_id: id });
  assert.deepEqual([conversation.id, conversation.object], [id, "conversation"]);
  assert.deepEqual(await all(id, "asc", 100), list.data.filter(item => item.id !== "fc_1"));
  await fails(OpenAI.NotFoundError, () => client.conversations.items.retrieve("fc_1", { conversation_id: id }));
}

// Ids that an address has to escape, a slash for one.
async function strangeIds(): Promise<void> {
  const { id } = await client.conversations.create({});
  for (const itemId of ["a/b", "%2F", "x y?z#", "\u{1F600}"]) {
    await client.conversations.items.create(id, { items: [{ type: "message", id: itemId, role: "user", content: [{ type: "input_text", text: itemId }] } as ResponseInputItem] });
    assert.equal((await client.conversations.items.retrieve(itemId, { conversation_id: id })).id, itemId);
    await client.conversations.items.delete(itemId, { conversation_id: id });
  }
  assert.deepEqual(await all(id, "asc", 10), []);
}

async function safeToSendAgain(): Promise<void> {
  const { id } = await client.conversations.create({}, { headers: { "OrleansMemory-User": "ana" } });
  const once = (): Promise<ConversationItemList> => client.conversations.items.create(id, { items: [{ role: "user", content: "once" }] }, { headers: { "Idempotency-Key": "k" } });
  assert.deepEqual(await once(), await once());
  assert.equal((await all(id, "asc", 10)).length, 1);
}

async function errors(): Promise<void> {
  const { id } = await client.conversations.create({});
  const many = Array.from({ length: 21 }, (): ResponseInputItem => ({ role: "user", content: "x" }));
  const tooMany = await fails(OpenAI.BadRequestError, () => client.conversations.items.create(id, { items: many }));
  assert.deepEqual([tooMany.param, tooMany.code, tooMany.type], ["items", "array_above_max_length", "invalid_request_error"]);
  const wrong = await fails(OpenAI.BadRequestError, () => client.conversations.update(id, { metadata: { k: "v".repeat(513) } }));
  assert.equal(wrong.param, "metadata.k");
  const stranger = new OpenAI({ baseURL, apiKey: "nobody-has-this-key-0123", maxRetries: 0 });
  assert.equal((await fails(OpenAI.AuthenticationError, () => stranger.conversations.retrieve(id))).code, "invalid_api_key");
  const headers = { "Idempotency-Key": "used" };
  await client.conversations.update(id, { metadata: { a: "1" } }, { headers });
  let requests = 0;
  const patient = new OpenAI({ baseURL, apiKey, maxRetries: 1, fetch: (url, init) => { requests++; return fetch(url, init); } });
  await fails(OpenAI.ConflictError, () => patient.conversations.update(id, { metadata: { a: "2" } }, { headers }));
  assert.equal(requests, 1);
}

async function run(): Promise<void> {
  await conversations();
  await everyItem();
  await strangeIds();
  await safeToSendAgain();
  await errors();
  console.log("all is well");
}

run().catch(error => {
  console.error(error);
  process.exitCode = 1;
});

import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUsedBlobFinder } from "#app/find-used-blobs.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { ANN, GROUP, refusal } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { aWebhookInstance, deliver, startCallbackServer } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n picture", "latin1");

describe.each([...testDialects()])("the tools of chats on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, call, model } = gateway;
  afterAll(() => gateway.stop());

  /** Lets the model call a tool once, and then answer with the tool's result. */
  const calls = (name: string, args: object, answer = "done") =>
    model.script(({ messages }): ModelReply => {
      const last = messages.at(-1);
      return last?.role === "tool" ? { text: answer } : { toolCalls: [{ name, arguments: args }] };
    });
  const toolResult = () => String(gateway.lastTurns().at(-1)?.text);
  const putFile = async (user: string, name: string, bytes: Uint8Array) => {
    const agent = (await call("GET", "/v1/agents/openai")).body.id;
    const directory = join(gateway.home, "workspace", MASTER_TENANT_ID, agent, ownWorkspace(user));
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), bytes);
    return directory;
  };

  test("a message to the own chat goes before the answer", async () => {
    const { telegram, texts } = await aBot();
    calls("message", { message: "I am looking…" }, "Found it.");
    telegram.say({ text: "look" });
    expect(await texts(2)).toEqual(["I am looking…", "Found it."]);
  });

  test("a message to another chat needs forward and a reason, and is in the activity log", async () => {
    const { telegram, texts, name } = await aBot({ require_mention: false });
    model.script(() => ({ text: "noted" }));
    telegram.say({ chat: GROUP, text: "we are the team" });
    await texts(1, GROUP.id);
    const target = `group:${GROUP.id}`;
    calls("message", { target, message: "sneaky" }, "tried");
    telegram.say({ text: "tell the team" });
    await texts(1);
    expect(toolResult()).toContain("Set forward to true");
    calls("message", { target, message: "hello team", forward: true, forward_reason: "Ann asked for it" }, "told");
    telegram.say({ text: "tell the team" });
    await texts(2);
    expect(telegram.textsIn(GROUP.id)).toEqual(["noted", "hello team"]);
    const { text } = await call("GET", "/v1/activity?entity_type=channel_message");
    expect(text).toContain(`"instance":"${name}","target":"${target}","reason":"Ann asked for it"`);
  });

  test("nobody is written to who has not written first", async () => {
    const { telegram, texts } = await aBot();
    calls("message", { target: "666", message: "spam", forward: true, forward_reason: "because" }, "tried");
    telegram.say({ text: "write to a stranger" });
    await texts(1);
    expect(toolResult()).toContain("Only those who wrote to you can be written to: direct:42");
    expect(telegram.callsOf("sendMessage").map(({ params }) => params.chat_id)).toEqual(["42"]);
  });

  test("a channel of another agent is out of reach, and an agent without one has no tool for it", async () => {
    const other = await gateway.anAgent("openai");
    const { name: foreign } = await aBot({}, { agent_id: other });
    const { telegram, texts } = await aBot();
    calls("message", { channel: foreign, target: "42", message: "x", forward: true, forward_reason: "y" }, "tried");
    telegram.say({ text: "use the other bot" });
    await texts(1);
    expect(toolResult()).toContain("Name one of your channels");
    const bare = await gateway.anAgent("openai");
    await call("POST", `/v1/agents/${bare}/wake`, { message: "hello" });
    const names = gateway.lastBody().tools.map(({ function: { name } }: { function: { name: string } }) => name);
    expect(names).toContain("send_file");
    expect(names).not.toContain("message");
  });

  test("a client that calls the tools itself sends nothing", async () => {
    await aBot();
    for (const [tool, args] of [
      ["message", { message: "x" }],
      ["send_file", { path: "x" }],
    ]) {
      const { status, text } = await call("POST", "/v1/tools/invoke", { tool, agent_id: "openai", args });
      expect([status, text.includes("Only an agent at work")]).toEqual([400, true]);
    }
  });

  test("a file goes to the chat with its caption, in the form that fits it", async () => {
    const { telegram, texts } = await aBot();
    await putFile("telegram:42", "bản vẽ.png", PNG);
    await putFile("telegram:42", "notes.txt", Buffer.from("notes"));
    calls("send_file", { path: "bản vẽ.png", caption: "The **drawing**", attachments: ["notes.txt"] });
    telegram.say({ text: "send it" });
    expect(await texts(4)).toEqual(["The drawing", "", "", "done"]);
    const photo = telegram.callsOf("sendPhoto")[0];
    const document = telegram.callsOf("sendDocument")[0];
    expect(Object.values(photo?.files ?? {})[0]?.name).toBe("bản vẽ.png");
    expect(await Object.values(photo?.files ?? {})[0]?.bytes()).toEqual(new Uint8Array(PNG));
    expect(await Object.values(document?.files ?? {})[0]?.text()).toBe("notes");
  });

  test("a picture that Telegram refuses as one arrives as a file", async () => {
    const { telegram, texts } = await aBot();
    await putFile("telegram:42", "long.png", PNG);
    telegram.intercept = ({ method }) =>
      method === "sendPhoto" ? refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS") : undefined;
    calls("send_file", { path: "long.png" });
    telegram.say({ text: "send it" });
    await texts(2);
    expect(telegram.callsOf("sendDocument")).toHaveLength(1);
  });

  test("a file that Telegram refused is kept, so that it can be sent again", async () => {
    const { id, telegram, texts } = await aBot();
    const bytes = Buffer.from("kept until it is sent");
    await putFile("telegram:42", "kept.txt", bytes);
    telegram.intercept = ({ method }) => (method === "sendDocument" ? refusal(400, "Bad Request: no") : undefined);
    calls("send_file", { path: "kept.txt" }, "tried it");
    telegram.say({ text: "send it" });
    await texts(1);
    const outbox = `/v1/channel-instances/${id}/outbound`;
    const [failed] = (await call("GET", `${outbox}?state=failed`)).body.messages;
    expect(failed).toMatchObject({ media_count: 1, parts: 1, parts_sent: 0 });
    const blob = createHash("sha256").update(bytes).digest("hex");
    expect(await createUsedBlobFinder(gateway.gateway.database)(MASTER_TENANT_ID, [blob])).toEqual(new Set([blob]));
    telegram.intercept = undefined;
    expect((await call("POST", `${outbox}/${failed.id}/retry`, {})).status).toBe(200);
    await texts(2);
    const [, document] = telegram.callsOf("sendDocument");
    expect(await Object.values(document?.files ?? {})[0]?.text()).toBe(bytes.toString());
  });

  test("nothing is sent from outside the workspace, and nothing that is no plain file", async () => {
    const { telegram, texts } = await aBot();
    const directory = await putFile("telegram:77", "own.txt", Buffer.from("x"));
    symlinkSync("/etc/passwd", join(directory, "link.txt"));
    const ask = { text: "send it", from: { ...ANN, id: 77 }, chat: { id: 77, type: "private" } };
    const paths = ["../own.txt", "/etc/passwd", "link.txt", "nothing.txt", "."];
    for (const [index, path] of paths.entries()) {
      calls("send_file", { path }, `tried ${path}`);
      telegram.say(ask);
      expect((await texts(index + 1, 77)).at(-1)).toBe(`tried ${path}`);
      expect(toolResult()).toMatch(/workspace/);
    }
    expect(telegram.callsOf("sendDocument")).toEqual([]);
  });

  test("a run without a chat gets links, which its user alone can open", async () => {
    await putFile("ada", "report.txt", Buffer.from("the report"));
    model.script(({ messages }): ModelReply => {
      const last = messages.at(-1);
      return last?.role === "tool"
        ? { text: `Here: ${/\[report\.txt\]\(\S+\)/.exec(last.text)?.[0]}` }
        : { toolCalls: [{ name: "send_file", arguments: { path: "report.txt" } }] };
    });
    const { content } = (await call("POST", "/v1/agents/openai/wake", { message: "report" })).body;
    const [, link = ""] = /\((\/v1\/media\/[^)]+)\)/.exec(content) ?? [];
    expect(link).toContain("?ft=");
    expect(await (await fetch(gateway.url + link)).text()).toBe("the report");
    expect((await fetch(gateway.url + link.replace(/\?.*/, ""))).status).toBe(401);
    const { logs } = (await call("GET", "/v1/activity?action=media.uploaded")).body;
    expect(logs).toMatchObject([{ actor_type: "agent", actor_id: "openai", details: { filename: "report.txt" } }]);
  });

  test("a file that is gone when it is sent holds up nothing for long", async () => {
    const callbacks = startCallbackServer();
    const other = await startChatGateway({ dialect, wires: ["openai"], allowHosts: [`127.0.0.1:${callbacks.port}`] });
    try {
      const id = await aWebhookInstance(other, { agent_id: "openai", config: { callback_url: callbacks.url } });
      const agent = (await other.call("GET", "/v1/agents/openai")).body.id;
      const directory = join(other.home, "workspace", MASTER_TENANT_ID, agent, ownWorkspace("ann"));
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "gone.txt"), "gone");
      other.model.script(({ messages }): ModelReply => {
        const isDone = messages.at(-1)?.role === "tool";
        // The blobs are lost right after the file was stored.
        if (isDone) rmSync(join(other.home, "media"), { recursive: true, force: true });
        return isDone ? { text: "after it" } : { toolCalls: [{ name: "send_file", arguments: { path: "gone.txt" } }] };
      });
      callbacks.answer = ({ body }) => new Response(null, { status: body.media ? 503 : 200 });
      await deliver(other, id, { message_id: "m", text: "send it" });
      while (!callbacks.received.some(({ body }) => body.text === "after it")) await Bun.sleep(20);
    } finally {
      await other.stop();
      await callbacks.stop();
    }
  }, 30_000);

  test("a program that fetches its answers gets neither messages nor files beside them", async () => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai" });
    calls("message", { message: "early" }, "late");
    const { body } = await deliver(gateway, id, { message_id: "m", text: "go" });
    expect(body.replies.map(({ text }: { text: string }) => text)).toEqual(["late"]);
    expect(toolResult()).toContain("only carries answers");
  });
});

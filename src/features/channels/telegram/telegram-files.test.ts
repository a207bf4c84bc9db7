import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { ANN } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { untilState } from "#testing/channels/until-state.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe.each([...testDialects()])("files and deliveries of Telegram on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, call, model } = gateway;
  afterAll(() => gateway.stop());
  const found = (directory: string): readonly string[] => readdirSync(directory, { recursive: true, encoding: "utf8" });

  test("the agent sees a picture, and reads its caption", async () => {
    const { telegram, texts } = await aBot();
    telegram.files.set("f1", { path: "photos/file_1.jpg", bytes: PNG });
    model.script(() => ({ text: "a dot" }));
    const photo = [{ file_id: "small" }, { file_id: "f1", file_size: PNG.byteLength }];
    telegram.say({ photo, caption: "what is it?" });
    expect(await texts(1)).toEqual(["a dot"]);
    const content = JSON.stringify(gateway.lastBody().messages.at(-1).content);
    expect(content).toContain("what is it?");
    expect(content).toContain(`data:image/png;base64,${PNG.toString("base64")}`);
  });

  test("an album and its caption are one message where the instance waits for the rest", async () => {
    const { telegram, texts } = await aBot({ debounce_ms: 1_000 });
    telegram.files.set("f1", { path: "photos/1.jpg", bytes: PNG });
    model.script(({ messages }) => ({ text: `read ${messages.filter(({ role }) => role === "user").length}` }));
    for (const caption of ["both", undefined])
      telegram.say({ photo: [{ file_id: "f1" }], media_group_id: "a", ...(caption && { caption }) });
    expect(await texts(1)).toEqual(["read 1"]);
    expect(JSON.stringify(gateway.lastBody().messages.at(-1).content).match(/data:image/g)).toHaveLength(2);
  });

  test("a file that no model reads is in the agent's workspace under a harmless name", async () => {
    const { telegram, texts } = await aBot();
    telegram.files.set("f2", { path: "documents/file_2", bytes: Buffer.from("PK\u0003\u0004 zip") });
    model.script(() => ({ text: "kept" }));
    const document = { file_id: "f2", file_name: "../../bí mật\u202e\n.zip", mime_type: "application/zip" };
    telegram.say({ document });
    await texts(1);
    const text = JSON.stringify(gateway.lastTurns().at(-1)?.text);
    const [, path = ""] = /The file (inbox\/[^ ]+[^\]]*?\.zip) in your workspace/.exec(text) ?? [];
    expect(path).not.toMatch(/\.\.\/|\u202e|\n/);
    expect(found(`${gateway.home}/workspace`).some((name) => name.endsWith(path))).toBe(true);
  });

  test.each([
    ["is too large", { file_id: "big", file_size: 90_000_000 }, "is larger than 20971520 bytes"],
    ["Telegram does not hand out", { file_id: "unknown" }, "invalid file_id"],
    ["lies outside the files of a server", { file_id: "outside" }, "not one that can be downloaded"],
  ])("the agent is told of a file that %s", async (_, document, reason) => {
    const { telegram, texts } = await aBot();
    telegram.files.set("outside", { path: "../../etc/passwd", bytes: PNG });
    model.script(() => ({ text: "sorry" }));
    telegram.say({ document: { file_name: "x.bin", ...document }, caption: "read it" });
    await texts(1);
    expect(gateway.lastTurns().at(-1)?.text).toContain("read it");
    expect(gateway.lastTurns().at(-1)?.text).toContain(reason);
    expect(gateway.lastTurns().at(-1)?.text).not.toContain(telegram.token);
  });

  test("Telegram delivers to the gateway in the mode webhook, with a secret of the instance", async () => {
    const { telegram, id, texts } = await aBot({ connection_mode: "webhook", webhook_url: "https://goclaw.example/" });
    expect(telegram.webhook?.url).toBe(`https://goclaw.example/v1/channels/webhook/${id}`);
    expect(telegram.callsOf("getUpdates")).toEqual([]);
    model.script(() => ({ text: "delivered" }));
    const update = telegram.update({ text: "hello" });
    const deliver = async (secret: string | undefined) => {
      const response = await fetch(`${gateway.url}/v1/channels/webhook/${id}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(secret && { "X-Telegram-Bot-Api-Secret-Token": secret }) },
        body: JSON.stringify(update),
      });
      return response.status;
    };
    const { secret_token: secret = "" } = telegram.webhook ?? {};
    expect(secret).toMatch(/^[\w-]{1,256}$/);
    expect(secret).not.toContain(telegram.token.split(":")[1] ?? "");
    expect(await deliver(undefined)).toBe(401);
    expect(await deliver(`${secret}x`)).toBe(401);
    for (let times = 0; times < 3; times++) expect(await deliver(secret)).toBe(200);
    expect(await texts(1)).toEqual(["delivered"]);
    await call("DELETE", `/v1/channel-instances/${id}`);
    while (telegram.webhook) await Bun.sleep(10);
    expect(await deliver(secret)).toBe(404);
  });

  test("a bot that polls takes no delivery", async () => {
    const { id } = await aBot();
    const body = JSON.stringify({ update_id: 1 });
    const response = await fetch(`${gateway.url}/v1/channels/webhook/${id}`, { method: "POST", body });
    expect(response.status).toBe(401);
  });

  test("a bot behind a proxy of its own is reported, because its calls would not go through it", async () => {
    const { id } = await aBot({}, { enabled: false });
    await call("PUT", `/v1/channel-instances/${id}`, {
      enabled: true,
      credentials: { proxy: "http://proxy.test:3128", token: "1:a", api_server: "http://127.0.0.1:9" },
    });
    expect(await untilState(gateway, id, "failed")).toMatchObject({ reason: "unsupported" });
  });

  test("messages of other bots, and of nobody, start nothing", async () => {
    const { telegram, texts, name } = await aBot();
    model.script(() => ({ text: "for Ann" }));
    telegram.say({ text: "spam", from: { ...ANN, is_bot: true } });
    telegram.say({ new_chat_members: [ANN] });
    telegram.push({ update_id: 9_000_001, channel_post: { text: "news" } } as never);
    telegram.push({ update_id: 9_000_002, message: { text: "no sender" } } as never);
    telegram.push(telegramUpdate(9_000_003));
    expect(await texts(1)).toEqual(["for Ann"]);
    const session = encodeURIComponent(`agent:openai:${name}:direct:42`);
    expect((await call("GET", `/v1/runs?session_key=${session}`)).body.runs).toHaveLength(1);

    function telegramUpdate(update_id: number) {
      return { ...telegram.update({ text: "hello" }), update_id };
    }
  });

  test("an address that the gateway may not call is reported, and the token goes nowhere", async () => {
    const { id } = await aBot({}, { enabled: false });
    await call("PUT", `/v1/channel-instances/${id}`, {
      enabled: true,
      credentials: { token: "1:a", api_server: "http://169.254.169.254" },
    });
    const { reason, detail } = await untilState(gateway, id, "degraded");
    expect([reason, detail]).toEqual(["forbidden", "this address is not allowed"]);
  });
});

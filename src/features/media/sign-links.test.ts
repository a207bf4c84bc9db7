import { afterAll, describe, expect, test } from "bun:test";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("links in what an agent says on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  const { id: agent } = (await call("GET", "/v1/agents/scripted")).body;
  await call("POST", `/v1/agents/${agent}/sharing`, { user_id: "bob", role: "user" });
  const bob = { ...(await aKey(gateway, ["write"])), user: "bob" };
  const mine = `/v1/files/${agent}/${ownWorkspace("bob")}`;
  writeWorkspace(gateway, {
    [`${agent}/${ownWorkspace("bob")}/báo cáo.txt`]: "bob's",
    [`${agent}/${ownWorkspace("eve")}/b.txt`]: "eve's",
  });
  const say = async (
    text: string,
    options: CallOptions = bob,
  ): Promise<{ content: string; session_key: string; run_id: string }> => {
    model.enqueue({ text: [text] });
    return (await call("POST", "/v1/agents/scripted/wake", { message: "hello" }, options)).body;
  };
  const open = async (url: string) => {
    const { status, text } = await call("GET", url, undefined, { bearer: null, user: null });
    return status === 200 ? text : status;
  };
  const linkIn = (text: string) => /\/v1\/[^\s)]+/.exec(text)?.[0] ?? "";
  const encoded = `${mine}/${encodeURIComponent("báo cáo.txt")}`;

  test("open without any other credential, in the answer and in the list of messages, and are stored unsigned", async () => {
    const text = `See ![it](${encoded}).`;
    const { content, session_key, run_id } = await say(text);
    expect(content).toStartWith(`See ![it](${encoded}?ft=`);
    expect(content).toEndWith(").");
    expect(await open(linkIn(content))).toBe("bob's");
    const { messages } = (await call("GET", `/v1/sessions/${session_key}/messages`, undefined, bob)).body;
    expect(await open(linkIn(messages.at(-1).parts[0].text))).toBe("bob's");
    const { body: run } = await call("GET", `/v1/runs/${run_id}`, undefined, bob);
    const { runs } = (await call("GET", `/v1/runs?session_key=${session_key}`, undefined, bob)).body;
    for (const { output } of [run, runs[0]]) expect(await open(linkIn(output))).toBe("bob's");
    const stored = await gateway.transcriptOf(session_key);
    expect(JSON.stringify(stored)).toContain(encoded);
    expect(JSON.stringify(stored)).not.toContain("ft=");
  });

  test("get a new token for an old one, one beginning for two, and keep their other parameters", async () => {
    const { content } = await say(
      `/v1/files${mine}/${encodeURIComponent("báo cáo.txt")}?download=true&ft=old.1.x, then.`,
    );
    expect(content).toStartWith(`${encoded}?ft=`);
    expect(content).toEndWith("&download=true, then.");
    expect(content).not.toContain("old.1.x");
    expect(await open(linkIn(content).replace(/,$/, ""))).toBe("bob's");
  });

  test.each([
    `/v1/files/${agent}/${ownWorkspace("eve")}/b.txt`,
    "/v1/files/../../secret.txt",
    "/v1/files/%2e%2e%2fsecret.txt",
    "/v1/files/%zz",
    "/v1/files/etc/passwd",
    "MEDIA:/etc/passwd",
    `https://evil.example${mine}/a.txt`,
    `//evil.example${mine}/a.txt`,
    `evil.example:80${mine}/a.txt`,
    `/other${mine}/a.txt`,
    "/v1/media/0193a5b0-7000-7000-8000-000000000009",
    "/v1/agents/x",
  ])("%s gets no token for a user who may not read it there", async (link) => {
    const text = `[a](${link}) and ${link}`;
    expect((await say(text)).content).toBe(text);
  });

  test("to uploads are signed for their user alone", async () => {
    const { url } = (await call("POST", "/v1/media/upload", aForm("a.txt", "bob's upload"), bob)).body;
    expect(await open(linkIn((await say(`Here: ${url}`)).content))).toBe("bob's upload");
    await call("POST", `/v1/agents/${agent}/sharing`, { user_id: "eve", role: "user" });
    expect((await say(`Here: ${url}`, { ...bob, user: "eve" })).content).toBe(`Here: ${url}`);
    expect(await open(linkIn((await say(`Here: ${url}`, {})).content))).toBe("bob's upload");
  });

  const chat = async (texts: readonly string[], body: object, options: CallOptions = bob) => {
    model.enqueue({ text: texts });
    const request = { model: "goclaw:scripted", messages: [{ role: "user", content: "hello" }], ...body };
    return call("POST", "/v1/chat/completions", request, options);
  };
  const deltasIn = (stream: string): readonly string[] =>
    [...stream.matchAll(/^data: (\{.*)$/gm)].flatMap(
      ([, json = ""]) => JSON.parse(json).choices[0]?.delta.content || [],
    );

  test.each([1, 2, 3, 7, 50, 1_000])(
    "are signed in a chat whose text comes in pieces of %p characters",
    async (size) => {
      const text = `Files /v1/ and /v2, either/or: [it](${encoded}) and https://evil.example${mine}/a.txt, ${encoded}`;
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        text.slice(n * size, (n + 1) * size),
      );
      const whole = (await chat(pieces, {})).body.choices[0].message.content;
      const streamed = deltasIn((await chat(pieces, { stream: true })).text);
      for (const content of [whole, streamed.join("")]) {
        expect(content.replaceAll(/\?ft=[\w.-]+/g, "")).toBe(text);
        expect(content.match(/\?ft=/g)).toHaveLength(2);
        expect(content).toContain(`https://evil.example${mine}/a.txt, `);
        expect(await open(linkIn(content.slice(content.indexOf("[it]"))))).toBe("bob's");
      }
    },
  );

  test("are signed in the messages of a run's events", async () => {
    model.enqueue({ text: [`It: ${encoded}`] });
    const { run_id } = (await call("POST", "/v1/agents/scripted/wake", { message: "hello" }, bob)).body;
    const asDocument = { ...bob, headers: { Accept: "application/json" } };
    const { events } = (await call("GET", `/v1/runs/${run_id}/events`, undefined, asDocument)).body;
    const { message } = events.find(({ type }: { type: string }) => type === "message.completed");
    expect(await open(linkIn(message.parts[0].text))).toBe("bob's");
    const stream = (await call("GET", `/v1/runs/${run_id}/events`, undefined, bob)).text;
    expect(stream).toContain(`It: ${encoded}?ft=`);
  });

  test("a chat that goes on with a signed answer continues the stored conversation", async () => {
    const headers = { "X-GoClaw-Session-Key": "signed-chat" };
    const options = { ...bob, headers };
    const first = (await chat([`Here: ${encoded}?download=true`], {}, options)).body.choices[0].message;
    expect(first.content).toContain("?ft=");
    const messages = [{ role: "user", content: "hello" }, first, { role: "user", content: "thanks" }];
    await chat(["You are welcome."], { messages }, options);
    const shown = model.requests.at(-1)?.messages ?? [];
    expect(shown.map(({ text }) => text)).toContain(`Here: ${encoded}?download=true`);
    expect(JSON.stringify(shown)).not.toContain("ft=");
    expect(shown.filter(({ text }) => text === "hello")).toHaveLength(1);
  });

  test("in what users say stay as they are", async () => {
    const message = `I mean ${encoded}`;
    model.enqueue({ text: ["ok"] });
    const { session_key } = (await call("POST", "/v1/agents/scripted/wake", { message }, bob)).body;
    const { messages } = (await call("GET", `/v1/sessions/${session_key}/messages`, undefined, bob)).body;
    expect(messages[0].parts[0].text).toBe(message);
  });
});

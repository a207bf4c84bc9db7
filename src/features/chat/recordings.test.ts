import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const WAV = Buffer.concat([Buffer.from("RIFF\x24\0\0\0WAVEfmt ", "latin1"), Buffer.alloc(20)]).toString("base64");

describe.each([...testDialects()])("recordings in a conversation on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  afterAll(gateway.stop);
  const ask = (wire: string, input_audio: object) => {
    const content = [
      { type: "text", text: "what is said?" },
      { type: "input_audio", input_audio },
    ];
    const body = { model: `goclaw:${wire}`, messages: [{ role: "user", content }] };
    return gateway.call("POST", "/v1/chat/completions", body);
  };

  test.each(["openai", "google"])("reach models of %s, which take them", async (wire) => {
    expect((await ask(wire, { data: WAV, format: "wav" })).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).toContain(WAV);
  });

  test("are named to models that do not take them", async () => {
    expect((await ask("anthropic", { data: WAV, format: "wav" })).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).not.toContain(WAV);
    expect(JSON.stringify(gateway.lastBody())).toMatch(/of type audio\/wav, \d+ bytes. Read it with read_audio/);
  });

  test("are refused if they are none", async () => {
    expect((await ask("openai", { data: "", format: "wav" })).status).toBe(400);
    expect((await ask("openai", { data: btoa("hello"), format: "wav" })).status).toBe(400);
    expect((await ask("openai", { data: WAV })).status).toBe(400);
  });
});

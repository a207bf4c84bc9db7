import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const FILE = "one\ntwo\nthree\n";
const LOOK_UP = { type: "object", properties: { limit: { type: "integer" } } };
const CLIENT_TOOLS = ["lookUp", "read_file"].map((name) => ({
  type: "function",
  function: { name, parameters: LOOK_UP },
}));

describe.each([...testDialects()])("a tool call that is written a little beside the schema on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  const chat = (agent: string, more: object = {}) =>
    call("POST", "/v1/chat/completions", {
      model: `goclaw:${agent}`,
      messages: [{ role: "user", content: "go" }],
      ...more,
    });
  /** Returns a function that lets a new agent make one call in each chat. It returns what the model reads. */
  const anAgent = async (wire: Wire) => {
    const agent = await gateway.anAgent(wire);
    return async (name: string, args: unknown) => {
      model.enqueue({ toolCalls: [{ name, arguments: args }] }, { text: "done" });
      expect((await chat(agent)).body.choices[0].message.content).toBe("done");
      return model.requests.at(-1)?.toolResults.at(-1) ?? "";
    };
  };

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    test("reaches the tool that its name means, and goes back to the model with the true name", async () => {
      const use = await anAgent(wire);
      await use("write_file", { path: "a.txt", content: FILE });
      const names = [
        "read_file<|channel|>commentary",
        "functions.read_file:0",
        "default_api:read_file",
        " READ-file()",
      ];
      for (const name of names) {
        expect(await use(name, { path: "a.txt" })).toBe("one\ntwo\nthree");
        const sent = JSON.stringify(gateway.lastBody());
        expect(sent).toContain('"name":"read_file"');
        expect(sent).not.toContain("functions");
      }
      const { runs } = (await call("GET", "/v1/runs?limit=1")).body;
      const events = await gateway.eventsOf(runs[0].id);
      expect(JSON.stringify(events)).toContain('"read_file"');
      expect(JSON.stringify(events)).not.toContain("READ-file");
    });

    test("has its arguments converted where that loses nothing", async () => {
      const use = await anAgent(wire);
      expect(await use("write_file", { path: "b.txt", content: FILE, append: "false" })).toStartWith("Wrote");
      expect(await use("write_file", { path: "b.txt", content: 4, append: "True" })).toBe("Added 1 bytes to b.txt");
      const meant = [
        { path: "b.txt", offset: "2", limit: "1" },
        { path: "b.txt", offset: 2, limit: 1 },
        { arguments: { path: "b.txt", offset: "2", limit: 1 } },
        { name: "read_file", parameters: { path: "b.txt", offset: 2, limit: "1" } },
      ];
      for (const args of meant) expect(await use("read_file", args)).toContain("two\n[lines 2 to 2 of 4");
      for (const args of [{ path: "b.txt", offset: null, limit: "" }, { parameters: { path: "b.txt" } }]) {
        expect(await use("read_file", args)).toBe(`${FILE}4`);
      }
      expect(await use("list_files", { path: null })).toBe("b.txt (15 bytes)");
      for (const limit of ["abc", "2.5"]) {
        expect(await use("read_file", { path: "b.txt", limit })).toContain("The arguments do not fit");
      }
    });

    test("is an error that names similar tools, if no single tool fits", async () => {
      const use = await anAgent(wire);
      expect(await use("reed_file", {})).toBe("There is no tool named reed_file. Similar names: read_file, send_file.");
      expect(await use("frobnicate", {})).toBe("There is no tool named frobnicate.");
    });

    test("of a client's tool is returned under the name that the client gave, with the arguments as written", async () => {
      const agent = await gateway.anAgent(wire);
      const toolCalls = ["functions.look_up:0", "LOOKUP<|channel|>json", "default_api:read_file"].map((name) => ({
        name,
        arguments: { limit: "2" },
      }));
      for (const stream of [false, true]) {
        model.enqueue({ toolCalls });
        const { text } = await chat(agent, { tools: CLIENT_TOOLS, stream });
        expect([...text.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name)).toEqual([
          "lookUp",
          "lookUp",
          "read_file",
        ]);
        expect(text).toContain(String.raw`{\"limit\":\"2\"}`);
      }
    });
  });

  test("whose arguments are a JSON text of a JSON text, or nothing at all, is understood", async () => {
    const use = await anAgent("openai");
    expect(await use("write_file", JSON.stringify(JSON.stringify({ path: "c.txt", content: "x" })))).toStartWith(
      "Wrote",
    );
    expect(JSON.stringify(gateway.lastBody())).not.toContain("invalid_json");
    for (const nothing of ["", "  ", "null", '""', "[]", '"{}"']) {
      expect(await use("list_files", nothing)).toBe("c.txt (1 bytes)");
    }
    expect(await use("list_files", '"c.txt"')).toContain("The arguments do not fit");
    expect(JSON.stringify(gateway.lastBody())).toContain("invalid_json");
  });
});

import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("files of an agent that are its memory on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());

  async function use(agent: string, name: string, input: object, user_id = "ann"): Promise<string> {
    model.enqueue({ toolCalls: [{ name, arguments: input }] }, { text: "done" });
    await call("POST", `/v1/agents/${agent}/wake`, { message: "go on", user_id });
    return model.requests.at(-1)?.toolResults?.[0] ?? "";
  }
  const entriesOf = async (agent: string, query: string) =>
    (await call("GET", `/v1/memory?agent_id=${agent}&${query}`)).body.entries;

  test("are found at once when a file tool writes them, and read back", async () => {
    const agent = await gateway.anAgent();
    const path = "memory/2026-11-26.md";
    expect(await use(agent, "write_file", { path, content: "Decided: ship on Friday." })).toContain(`to ${path}`);
    expect(await entriesOf(agent, "q=friday")).toMatchObject([{ path, user_id: "ann", source: "agent" }]);
    await use(agent, "write_file", { path, content: "\nCake for Minh.", append: true });
    expect(await use(agent, "read_file", { path: `./${path}` })).toBe("Decided: ship on Friday.\nCake for Minh.");
    expect(await use(agent, "read_file", { path, offset: 2 })).toBe("Cake for Minh.");
    expect(await use(agent, "edit", { path, old_string: "Friday", new_string: "Monday" })).toContain("Replaced 1");
    expect(await entriesOf(agent, "q=friday")).toEqual([]);
    expect(await use(agent, "memory_search", { query: "monday" })).toContain("ship on Monday");
    expect(await use(agent, "read_file", { path }, "bob")).toContain("There is no");
  });

  test("are listed among the files of the workspace", async () => {
    const agent = await gateway.anAgent();
    const list = (path: string, user?: string) => use(agent, "list_files", { path }, user);
    for (const path of ["MEMORY.md", "memory/a.md", "memory/trips/huế.md", "notes.txt"]) {
      await use(agent, "write_file", { path, content: "1234" });
    }
    await call("POST", "/v1/memory", { agent_id: agent, path: "elsewhere.md", content: "No file." });
    expect(await list(".")).toBe("memory/\nMEMORY.md (4 bytes)\nnotes.txt (4 bytes)");
    for (const path of ["memory", "./memory/"]) expect(await list(path)).toBe("trips/\na.md (4 bytes)");
    expect(await list("memory/trips")).toBe("huế.md (4 bytes)");
    expect(await list("memory/none")).toContain("There is no");
    expect(await list(".", "bob")).toBe("The directory is empty.");
  });

  test("reach the prompt, and show what the API wrote or deleted", async () => {
    const agent = await gateway.anAgent();
    await use(agent, "write_file", { path: "MEMORY.md", content: "Ann is vegan." });
    await use(agent, "read_file", { path: "MEMORY.md" });
    expect(gateway.lastSystem()).toContain("Ann is vegan.");
    const at = `/v1/agents/${agent}/memory/documents/MEMORY.md`;
    await call("PUT", at, { content: "Ann eats fish.", user_id: "ann" });
    expect(await use(agent, "read_file", { path: "MEMORY.md" })).toBe("Ann eats fish.");
    await call("DELETE", `${at}?user_id=ann`);
    expect(await use(agent, "read_file", { path: "MEMORY.md" })).toContain("There is no");
  });

  test("that all users share are changed only by agents that share what they write", async () => {
    const [alone, sharing] = [
      await gateway.anAgent(),
      await gateway.anAgent("openai", { workspace_sharing: { share_memory: true } }),
    ];
    const path = "memory/team.md";
    const edit = (agent: string, user?: string) =>
      use(agent, "edit", { path, old_string: "red", new_string: "blue" }, user);
    for (const agent_id of [alone, sharing])
      await call("POST", "/v1/memory", { agent_id, path, content: "All like red." });
    expect(await edit(alone)).toContain("belongs to all users");
    expect(await edit(sharing)).toContain("Replaced 1");
    expect(await use(sharing, "read_file", { path }, "bob")).toBe("All like blue.");
    await call("POST", "/v1/memory", { agent_id: sharing, path, content: "Bob likes red.", user_id: "bob" });
    expect(await edit(sharing, "bob")).toContain("Replaced 1");
    expect(await use(sharing, "read_file", { path }, "bob")).toBe("Bob likes blue.");
    expect(await use(sharing, "read_file", { path })).toBe("All like blue.");
  });

  test("are plain files if the memory is switched off, and other files always are", async () => {
    const agent = await gateway.anAgent("openai", { memory_config: { enabled: false } });
    await use(agent, "write_file", { path: "memory/a.md", content: "Plain." });
    expect(await use(agent, "read_file", { path: "memory/a.md" })).toBe("Plain.");
    expect(await entriesOf(agent, "limit=5")).toEqual([]);
    const remembering = await gateway.anAgent();
    for (const path of ["memory/a.txt", "notes/memory/a.md", "memory.md"]) {
      await use(remembering, "write_file", { path, content: "Plain." });
    }
    expect(await entriesOf(remembering, "limit=5")).toEqual([]);
    expect(await use(remembering, "write_file", { path: "memory/../x.md", content: "x" })).toContain("Cannot use");
  });

  test("that were plain files become memory when they are edited", async () => {
    const agent = await gateway.anAgent("openai", { memory_config: { enabled: false } });
    await use(agent, "write_file", { path: "memory/old.md", content: "The old capybara." });
    await call("PUT", `/v1/agents/${agent}`, { memory_config: { enabled: true } });
    expect(await use(agent, "read_file", { path: "memory/old.md" })).toBe("The old capybara.");
    await use(agent, "edit", { path: "memory/old.md", old_string: "old", new_string: "young" });
    expect(await entriesOf(agent, "q=capybara")).toMatchObject([{ snippet: "The young capybara." }]);
  });
});

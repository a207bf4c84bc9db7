import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const BOB = "bob";

describe.each([...testDialects()])("a user's own USER.md on %s", async (dialect) => {
  const { model, call, gateway, stop } = await startRunGateway({ dialect });
  afterAll(stop);
  const write = (content: string) =>
    call("PUT", `/v1/agents/scripted/instances/${BOB}/files/USER.md`, { content }, { user: "ada" });
  /** Returns what the model reads of the user when this user writes to the agent. */
  const readBy = async (user_id: string) => {
    await call("POST", "/v1/agents/scripted/wake", { message: "hello", user_id });
    const prompt = model.requests.at(-1)?.messages[0]?.text ?? "";
    return [...prompt.matchAll(/<context_file name="USER.md">\n(.*)\n<\/context_file>/g)].map((match) => match[1]);
  };

  test("replaces the agent's from the next run on, for this user alone, until it is empty", async () => {
    const { id } = (await call("GET", "/v1/agents/scripted")).body;
    await gateway.database
      .forTenant(MASTER_TENANT_ID)
      .write((queries) =>
        queries
          .updateTable("agent_context_files")
          .set({ content: "Nobody in particular." })
          .where("agent_id", "=", id)
          .where("file_name", "=", "USER.md")
          .execute(),
      );
    await call("PUT", "/v1/agents/scripted", { display_name: "Scripted" });
    expect(await readBy(BOB)).toEqual(["Nobody in particular."]);
    await write("Bob likes tea.");
    expect(await readBy(BOB)).toEqual(["Bob likes tea."]);
    expect(await readBy("eve")).toEqual(["Nobody in particular."]);
    await write("Bob likes 🍵.");
    expect(await readBy(BOB)).toEqual(["Bob likes 🍵."]);
    await write("");
    expect(await readBy(BOB)).toEqual(["Nobody in particular."]);
  });
});

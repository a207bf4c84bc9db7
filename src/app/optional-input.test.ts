import { afterAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { operations } from "#app/operations.ts";
import { aliasOf } from "#core/aliases.ts";
import { pathParameters } from "#core/assert-operations.ts";
import { type HttpOperation, isHttpOperation } from "#core/operation.ts";
import { parseInput } from "#core/parse-input.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const served = operations.filter(isHttpOperation);
const takesBody = ({ http }: HttpOperation) => http.method !== "GET" && http.method !== "DELETE";
const fieldsOf = ({ http, input }: HttpOperation) =>
  Object.entries(input.shape).filter(([name]) => !pathParameters(http.path).includes(name));

/** Fields of which a request needs one, so that the others are optional. */
const NEEDED: Readonly<Record<string, string>> = { "responses.create": "input" };

/** The optional fields of all operations that come in a query or a body. */
const options = served.flatMap((operation) =>
  fieldsOf(operation).flatMap(([name, field]) =>
    z.safeParse(field, undefined).success && NEEDED[operation.name] !== name ? [{ operation, name }] : [],
  ),
);

describe.each([...testDialects()])("optional input of every operation on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  afterAll(() => gateway.stop());

  /** Calls an operation with the input of its example and one more field. Its path leads to nothing. */
  async function refusedFields(operation: HttpOperation, name: string, value: unknown): Promise<readonly string[]> {
    const path = operation.http.path.replaceAll(/\{\w+\}/g, "nothing");
    const input = { ...(operation.example?.input as object | undefined), [name]: value };
    const query = takesBody(operation) ? "" : `?${name}=`;
    const body = takesBody(operation) ? input : undefined;
    const answer = await gateway.call(operation.http.method, path + query, body, OWNER);
    expect([operation.name, answer.status < 500 || answer.status]).toEqual([operation.name, true]);
    const { fields = [], field } = answer.body?.error?.details ?? {};
    return [...fields.map((issue: { field: string }) => issue.field), ...(field === undefined ? [] : [field])];
  }

  test("there are many", () => {
    expect(options.length).toBeGreaterThan(80);
  });

  test.each([null, ""])("%p is never refused", async (value) => {
    for (const { operation, name } of options) {
      const refused = await refusedFields(operation, name, value);
      expect([operation.name, name, refused.filter((field) => field.split(".")[0] === name)]).toEqual([
        operation.name,
        name,
        [],
      ]);
    }
  });

  test("fields within a message may be null as well", async () => {
    const messages = [{ role: "user", content: [{ type: "text", text: "hello" }], name: null }];
    const tools = [{ type: "function", function: { name: "look", description: null, strict: "" } }];
    const input = { model: "goclaw:openai", messages, tools, stream_options: { include_usage: "" } };
    expect((await gateway.call("POST", "/v1/chat/completions", input, OWNER)).status).toBe(200);
  });

  test("an empty filter filters nothing", async () => {
    await gateway.call("POST", "/v1/agents/openai/wake", { message: "hello", user_id: "moe" }, OWNER);
    const filters = options.filter(({ operation }) => /^(?:runs|sessions)\.list$/.test(operation.name));
    expect(filters.length).toBeGreaterThan(8);
    for (const { operation, name } of filters) {
      const totalOf = async (query: string) =>
        (await gateway.call("GET", `${operation.http.path}${query}`, undefined, OWNER)).body.total;
      expect([name, await totalOf(`?${name}=`)]).toEqual([name, await totalOf("")]);
    }
  });
});

test("every id and key of every operation has the same meaning under its other name", () => {
  const aliased = served.flatMap((operation) =>
    fieldsOf(operation).flatMap(([name, field]) => {
      const alias = aliasOf(name);
      return alias === undefined ? [] : [{ operation, name, alias, field }];
    }),
  );
  expect(new Set(aliased.map(({ alias }) => alias))).toEqual(
    new Set([
      "actorId",
      "agentKey",
      "apiKey",
      "agentId",
      "entityId",
      "instanceId",
      "messageId",
      "monthly_cents",
      "ownerId",
      "previousResponseId",
      "senderId",
      "promptCacheKey",
      "serverId",
      "sessionKey",
      "sourceAgentId",
      "targetAgentId",
      "tenantId",
      "userId",
    ]),
  );
  for (const { operation, name, alias, field } of aliased) {
    const schema = z.object({ [name]: field });
    const value = ["a", 5, "0193a5b0-7000-7000-8000-000000000001"].find((one) => z.safeParse(field, one).success);
    expect([operation.name, parseInput(schema, { [alias]: value })]).toEqual([operation.name, { [name]: value }]);
  }
});

describe.each([...testDialects()])("other names of fields on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call } = gateway;
  afterAll(() => gateway.stop());

  test("are taken in bodies and queries, and the own name wins", async () => {
    const { body: agent } = await call("POST", "/v1/agents", {
      agentKey: "camel",
      provider: "openai",
      model: "m",
      monthly_cents: 500,
    });
    expect(agent).toMatchObject({ agent_key: "camel", budget_monthly_cents: 500 });
    expect((await call("POST", "/v1/agents/camel/sharing", { userId: "moe" })).status).toBe(201);
    const { shares } = (await call("GET", "/v1/agents/camel/sharing")).body;
    expect(shares).toMatchObject([{ user_id: "moe" }]);

    const message = { message: "hello", sessionKey: "s-1", userId: "moe", user_id: "ann" };
    const { body: run } = await call("POST", "/v1/agents/camel/wake", message);
    expect(run.session_key).toBe("s-1");
    const runsOf = async (query: string) =>
      (await call("GET", `/v1/runs?${query}`)).body.runs.map(({ id }: { id: string }) => id);
    for (const query of [
      "agentId=camel",
      `agentId=${agent.id}&sessionKey=s-1`,
      "userId=ann",
      "user_id=ann&userId=moe",
    ]) {
      expect([query, await runsOf(query)]).toEqual([query, [run.run_id]]);
    }
    expect(await runsOf("userId=moe")).toEqual([]);
    const { sessions } = (await call("GET", "/v1/sessions?agentId=camel&userId=ann")).body;
    expect(sessions).toMatchObject([{ key: "s-1" }]);
  });

  test("the agent of the header narrows a list of runs that names none", async () => {
    await call("POST", "/v1/agents/openai/wake", { message: "hello" });
    const totalOf = async (agent: string, query = "") =>
      (await call("GET", `/v1/runs${query}`, undefined, { headers: { "X-GoClaw-Agent-Id": agent } })).body.total;
    expect(await totalOf("nobody")).toBe(0);
    expect(await totalOf("nobody", "?agent_id=openai")).toBe(1);
    expect(await totalOf("")).toBeGreaterThan(0);
  });
});

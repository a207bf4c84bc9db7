import { afterAll, describe, expect, test } from "bun:test";
import { randomHex } from "#base/random-hex.ts";
import { FAULTS, startFaultyGateway } from "#testing/database-faults.ts";
import { AGENT } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const CALLS = 12;

describe.each([...testDialects()])("an Idempotency-Key on %s", async (dialect) => {
  const gateway = await startFaultyGateway(dialect);
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const bodies: Readonly<Record<string, (name: string) => object>> = {
    "/v1/agents": (name) => ({ agent_key: name, provider: "p", model: "m" }),
    "/v1/providers": (name) => ({ name, provider_type: "groq", api_key: "sk" }),
    "/v1/api-keys": (name) => ({ name, scopes: ["read"] }),
    [`/v1/agents/${AGENT}/sharing`]: (name) => ({ user_id: name, role: "user" }),
    [`/v1/agents/${AGENT}/runs`]: (name) => ({ input: name }),
  };

  describe.each(FAULTS[dialect])("survives %s of the database", (name) => {
    const fault = gateway.faultOf(name);

    test(
      "at any moment of a creation, and the call takes effect once",
      async () => {
        gateway.model.script(() => ({ text: "well" }));
        const calls = Array.from({ length: CALLS }, (_, index) => {
          const [path = "", toBody = () => ({})] = Object.entries(bodies)[index % 5] ?? [];
          const key = `k-${randomHex(6)}`;
          const send = () => call("POST", path, toBody(key), { headers: { "Idempotency-Key": key } });
          return { path, key, send };
        });
        const sent = calls.map(async ({ send }, index) => {
          await Bun.sleep(index * 3);
          return send();
        });
        await fault.begin();
        const first = await Promise.all(sent).finally(fault.end);
        const others = first.filter(({ status }) => ![201, 202, 503].includes(status));
        expect(others.map(({ text }) => text)).toEqual([]);
        for (const { path, key, send } of calls) {
          let answer = await send();
          while (answer.status === 503) answer = await send();
          expect([path, answer.status]).toEqual([path, path.endsWith("/runs") ? 202 : 201]);
          const again = await send();
          expect([path, again.status, again.body.id]).toEqual([path, answer.status, answer.body.id]);
          if (path.endsWith("/runs")) expect(await countRuns(key)).toEqual([answer.body.id]);
        }
      },
      TIMEOUT,
    );
  });

  const countRuns = async (input: string) => {
    const { body } = await call("GET", "/v1/runs?limit=200");
    return body.runs
      .filter((run: { input_preview: string }) => run.input_preview === input)
      .map(({ id }: { id: string }) => id);
  };
});

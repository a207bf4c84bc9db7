import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

/** Starts a site that calls `onVisit` for each request and answers when it resolves. */
function aSite(onVisit: (path: string) => Promise<unknown>) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch({ url }) {
      const { pathname } = new URL(url);
      await onVisit(pathname);
      return new Response(`this is ${pathname}`, { headers: { "Content-Type": "text/plain" } });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, host: `127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

/** Returns a barrier that waits for `expected` visitors. It then releases them in reverse order of arrival. */
function createBarrier(expected: number, onFull: () => Promise<unknown>) {
  const waiting: (() => void)[] = [];
  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (waiting.length === expected) {
      await onFull();
      while (waiting.length > 0) waiting.pop()?.();
    }
    await promise;
  };
}

describe.each([...testDialects()])("the calls of one turn on %s", async (dialect) => {
  let onVisit: (path: string) => Promise<unknown> = async () => {};
  const site = aSite((path) => onVisit(path));
  const gateway = await startRunGateway({ dialect, allowHosts: [site.host] });
  const { model, call } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await site.stop();
  });
  /** Makes the agent send these calls in one turn. Returns the results that it reads. */
  const use = async (toolCalls: readonly { name: string; arguments: object }[]) => {
    model.enqueue({ toolCalls }, { text: "done" });
    const { body } = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go" });
    return (await gateway.transcriptOf(body.session_key)).flatMap(({ parts }) => toolResultsOf(parts));
  };
  /** Returns the states of the calls of the run in progress. */
  const statesOfCalls = async (): Promise<readonly string[]> => {
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const { body } = await call("GET", "/v1/runs?status=running");
    const calls = await read.selectFrom("tool_calls").selectAll().where("run_id", "=", body.runs[0].id).execute();
    return calls.toSorted((a, b) => a.position - b.position).map(({ state }) => state);
  };
  const textsOf = (results: Awaited<ReturnType<typeof use>>) => results.map(({ text }) => text);
  const visit = (path: string) => ({ name: "web_fetch", arguments: { url: site.url + path } });
  const write = (path: string, content: string) => ({ name: "write_file", arguments: { path, content } });
  const read = (path: string) => ({ name: "read_file", arguments: { path } });

  test(
    "that only read run concurrently up to a limit, and their results keep the order of the calls",
    async () => {
      const seen: (readonly string[])[] = [];
      onVisit = createBarrier(LIMITS.parallelReadTools, async () => seen.push(await statesOfCalls()));
      const pages = Array.from({ length: 2 * LIMITS.parallelReadTools }, (_, index) => `/page-${index}`);
      const results = await use(pages.map(visit));
      expect(results.map(({ text }) => /this is (\S+)/.exec(text)?.[1])).toEqual(pages);
      const states = (state: string) => Array<string>(LIMITS.parallelReadTools).fill(state);
      expect(seen).toEqual([
        [...states("running"), ...states("pending")],
        [...states("done"), ...states("running")],
      ]);
    },
    TIMEOUT,
  );

  test(
    "that read two files have their results in the order of the calls",
    async () => {
      await use([write("long.txt", "long ".repeat(9_000)), write("short.txt", "short")]);
      expect(textsOf(await use([read("long.txt"), read("short.txt")])).map((text) => text.slice(0, 5))).toEqual([
        "long ",
        "short",
      ]);
    },
    TIMEOUT,
  );

  test(
    "run one after the other if one of them writes, so a read sees exactly the writes before it",
    async () => {
      const edit = { name: "edit", arguments: { path: "a.txt", old_string: "2", new_string: "3" } };
      const calls = [read("a.txt"), write("a.txt", "1"), read("a.txt"), write("a.txt", "2"), edit, read("a.txt")];
      expect(textsOf(await use(calls))).toEqual([
        'There is no "a.txt" in the workspace.',
        expect.stringContaining("Wrote 1 byte"),
        "1",
        expect.stringContaining("Wrote 1 byte"),
        "Replaced 1 occurrence in a.txt",
        "3",
      ]);
    },
    TIMEOUT,
  );

  test(
    "run one after the other even if only the last one writes",
    async () => {
      const seen: (readonly string[])[] = [];
      onVisit = async (path) => seen.push([path, ...(await statesOfCalls())]);
      await use([visit("/one"), visit("/two"), write("b.txt", "b")]);
      expect(seen).toEqual([
        ["/one", "running", "pending", "pending"],
        ["/two", "done", "running", "pending"],
      ]);
    },
    TIMEOUT,
  );
});

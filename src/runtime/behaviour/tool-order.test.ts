import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

/** A site that tells of each visit, and answers when the visit may end. */
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

/** Lets nobody go before so many are there at once, and then the last one first. */
function createCrowd(expected: number, onFull: () => Promise<unknown>) {
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
  /** Lets the agent make these calls in one turn, and answers what it read of them. */
  const use = async (toolCalls: readonly { name: string; arguments: object }[]) => {
    model.enqueue({ toolCalls }, { text: "done" });
    const { body } = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go" });
    return (await gateway.transcriptOf(body.session_key)).flatMap(({ parts }) => toolResultsOf(parts));
  };
  /** Of the run that is at work. */
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
    "that only read are made side by side, so many at a time, and their results keep the calls' order",
    async () => {
      const seen: (readonly string[])[] = [];
      onVisit = createCrowd(LIMITS.parallelReadTools, async () => seen.push(await statesOfCalls()));
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
    "two files that are read come back in the order they were asked for",
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
    "are made one after the other where one of them writes: a read sees what was written before it, and no more",
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
    "are made one after the other even where only the last one writes",
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

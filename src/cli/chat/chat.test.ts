import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const DATETIME = { name: "datetime", arguments: {} };

describe.each([...testDialects()])("goclaw chat on %s", async (dialect) => {
  const gateway = await startCliGateway({ dialect });
  const { goclaw, model, place } = gateway;
  afterAll(() => gateway.stop());
  beforeEach(() => model.clear());
  const chat = (...args: readonly string[]) => goclaw(["chat", "-a", "openai", ...args]);
  const latestRun = async () => (await gateway.call("GET", "/v1/runs?limit=1")).body.runs[0];

  test("prints the text on one output, and what is going on on the other", async () => {
    model.enqueue(
      { text: "Let me look.", toolCalls: [DATETIME] },
      { text: ["It is ", "late 🌙"], reasoning: "secret" },
    );
    const { stdout, stderr, exitCode } = await chat("What", "time", "is", "it?");
    expect(stdout).toBe("Let me look.\nIt is late 🌙\n");
    expect(stderr).toMatch(/^→ datetime\n✓ datetime \d.*\n$/);
    expect(exitCode).toBe(0);
    expect(gateway.lastTurns()[0]?.text).toContain("What time is it?");
  });

  test("shows a tool that failed, and reasoning where it is asked for", async () => {
    model.enqueue(
      { toolCalls: [{ name: "read_file", arguments: { path: "none.txt" } }] },
      { reasoning: "Hm.", text: "Gone." },
    );
    const { stdout, stderr } = await chat("--reasoning", "Read it");
    expect(stdout).toBe("Gone.\n");
    expect(stderr).toMatch(/^→ read_file \{"path":"none.txt"\}\n✗ read_file .* failed: .*\nHm\.\n$/);
    model.enqueue({ toolCalls: [DATETIME] }, { reasoning: "Hm.", text: "Done." });
    expect(await chat("-q", "Look")).toEqual({ stdout: "Done.\n", stderr: "", exitCode: 0 });
  });

  test("text arrives while the model still writes", async () => {
    const upstream = model.manual();
    const running = gateway.start(["chat", "-a", "openai", "slowly"], {});
    running.end();
    await upstream.arrived;
    await upstream.send("First");
    await running.until("First");
    await upstream.send(", then");
    await running.until(", then");
    await upstream.finish();
    expect((await running.exited).stdout).toBe("First, then\n");
  });

  test("continues a session", async () => {
    await chat("My name is Ánh");
    const { session_key } = await latestRun();
    const { stdout } = await chat("--session", session_key, "Who am I?");
    expect(stdout).toBe("echo: Who am I?\n");
    expect(gateway.lastTurns().map(({ text }) => text)).toContain("My name is Ánh");
    expect((await latestRun()).session_key).toBe(session_key);
  });

  test("text from a pipe is the message, or is put behind it", async () => {
    const options = { input: "dòng một\nline 2\n" };
    expect((await goclaw(["chat", "-a", "openai"], options)).stdout).toBe("echo: dòng một\nline 2\n");
    expect((await goclaw(["chat", "-a", "openai", "Review:"], options)).stdout).toBe(
      "echo: Review:\n\ndòng một\nline 2\n",
    );
  });

  test("a pipe that nobody writes to does not hold up a message", async () => {
    const running = gateway.start(["chat", "-a", "openai", "hello"]);
    const { stdout, stderr, exitCode } = await running.exited;
    expect([stdout, exitCode]).toEqual(["echo: hello\n", 0]);
    expect(stderr).toContain("going on without it");
  }, 20_000);

  test("nothing to say is refused instead of waited for", async () => {
    const empty = { stderr: "goclaw: there is nothing to say: write a message, or pipe it in.\n", exitCode: 2 };
    expect(await chat()).toMatchObject(empty);
    expect(await goclaw(["chat"], { input: " \n" })).toMatchObject(empty);
    const noText = await goclaw(["chat"], { input: new Uint8Array([0xff, 0xfe, 0x00]) });
    expect(noText).toMatchObject({ stderr: expect.stringContaining("send it as a file with --file"), exitCode: 2 });
    const tooLong = await goclaw(["chat"], { input: "x".repeat(1024 * 1024 + 1) });
    expect(tooLong).toMatchObject({ stderr: expect.stringContaining("more than 1 MiB"), exitCode: 2 });
  });

  test("files go along", async () => {
    writeFileSync(join(place, "ghi chú 🦊.txt"), "the content of a note");
    await chat("--file", "ghi chú 🦊.txt", "Read this");
    expect(JSON.stringify(gateway.lastTurns())).toContain("the content of a note");
    const missing = await chat("--file", "none.txt", "Read this");
    expect(missing).toEqual({ stdout: "", stderr: "goclaw: none.txt: there is no such file.\n", exitCode: 2 });
  });

  test("with --json, each line is an event", async () => {
    model.enqueue({ text: ["Xin ", "chào"] });
    const { stdout } = await chat("--json", "hi");
    const [first, ...events] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ type: "run", run: { agent_key: "openai" } });
    expect(events[0].type).toBe("run.queued");
    expect(events.at(-1).type).toBe("run.completed");
    const text = events.flatMap((event) => (event.type === "text.delta" ? [event.text] : [])).join("");
    expect(text).toBe("Xin chào");
  });

  test("text cannot command the terminal, wherever it is cut", async () => {
    model.enqueue({ text: ["a\u001b", "[2Jb\u009b", "1Ac\r\nd\te"] });
    expect((await chat("hi")).stdout).toBe("a␛[2Jb<U+009B>1Ac\nd\te\n");
  });

  test("a run that fails ends with 1, one that was cut says so", async () => {
    model.enqueue({ text: "half", cutAfterChunks: 1 });
    const failed = await chat("hi");
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^goclaw: the run failed: .+\n/) });
    model.enqueue({ text: "long", finish: "length" });
    expect(await chat("hi")).toMatchObject({
      ...{ stdout: "long\n", exitCode: 0 },
      stderr: "(the answer was cut: it reached the longest that is allowed)\n",
    });
    expect(await goclaw(["chat", "-a", "nobody", "hi"])).toMatchObject({
      ...{ stdout: "", exitCode: 1 },
      stderr: expect.stringMatching(/^goclaw: agent not found: nobody\n/),
    });
  });

  test("Ctrl-C cancels the run and ends with 130", async () => {
    const upstream = model.manual();
    const running = gateway.start(["chat", "-a", "openai", "endless"]);
    running.end();
    await upstream.arrived;
    await upstream.send("Once upon");
    await running.until("Once upon");
    running.signal("SIGINT");
    const { stdout, stderr, exitCode } = await running.exited;
    expect([stdout, exitCode]).toEqual(["Once upon\n", 130]);
    expect(stderr).toContain("The run was cancelled");
    await upstream.aborted;
    expect((await latestRun()).status).toBe("cancelled");
  });

  test("runs follow shows a run that goes on, and one that is over; Ctrl-C leaves it alone", async () => {
    const upstream = model.manual();
    const id = (await goclaw(["runs", "start", "openai", "work", "-q"])).stdout.trim();
    const running = gateway.start(["runs", "follow", id]);
    await upstream.arrived;
    await upstream.send("Working");
    await running.until("Working");
    running.signal("SIGINT");
    expect((await running.exited).exitCode).toBe(130);
    expect((await latestRun()).status).toBe("running");
    await upstream.send(" done");
    await upstream.finish();
    expect(await goclaw(["runs", "follow", id])).toEqual({ stdout: "Working done\n", stderr: "", exitCode: 0 });
    expect((await goclaw(["runs", "get", id])).stdout).toMatch(/^status +completed$/m);
  });
});

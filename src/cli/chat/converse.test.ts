import { afterAll, beforeEach, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";

const gateway = await startCliGateway();
const { model } = gateway;
afterAll(() => gateway.stop());
beforeEach(() => model.clear());

const PROMPT = "openai › ";
const converse = async (...args: readonly string[]) => {
  const terminal = gateway.onTerminal(["chat", "-a", "openai", ...args]);
  await terminal.until(PROMPT);
  /** Writes a line, and waits for an answer and the next prompt. */
  const say = async (line: string, answer: string) => {
    terminal.write(`${line}\r`);
    await terminal.until(answer);
    await terminal.until(PROMPT);
  };
  return { ...terminal, say };
};
const sent = () => gateway.lastTurns().map(({ text }) => text);

test("a conversation stays in one session until a new one is wanted", async () => {
  const terminal = await converse();
  await terminal.say("Tôi là Ánh", "echo: Tôi là Ánh");
  await terminal.say("Who am I?", "echo: Who am I?");
  expect(sent()).toEqual(expect.arrayContaining(["Tôi là Ánh", "Who am I?"]));
  await terminal.say("/session", "agent:openai:");
  await terminal.say("/new", "A new session begins");
  await terminal.say("And now?", "echo: And now?");
  expect(sent().join()).not.toContain("Ánh");
  terminal.write("/quit\r");
  expect((await terminal.exited).exitCode).toBe(0);
});

test("a run that fails ends neither the conversation nor its session", async () => {
  const terminal = await converse();
  model.enqueue({ text: "half", cutAfterChunks: 1 });
  await terminal.say("Tôi là Bình", "the run failed: ");
  await terminal.say("Who am I?", "echo: Who am I?");
  expect(sent()).toEqual(expect.arrayContaining(["Tôi là Bình", "Who am I?"]));
  terminal.write("\u0004");
  expect((await terminal.exited).exitCode).toBe(0);
});

test("a paste is one message, and an earlier line comes back", async () => {
  const terminal = await converse();
  await terminal.say("\u001b[200~dòng một\r\nline two\rthree\u001b[201~", "echo: dòng một");
  expect(sent()).toContain("dòng một\nline two\nthree");
  await terminal.say("again", "echo: again");
  await terminal.say("\u001b[A", "echo: again");
  terminal.write("\u0004");
  expect((await terminal.exited).exitCode).toBe(0);
});

test("a slash is an order, and two of them a message", async () => {
  writeFileSync(join(gateway.place, "note.txt"), "a note");
  const terminal = await converse();
  await terminal.say("/help", "begin a new session");
  await terminal.say("/nonsense", "/nonsense is unknown");
  await terminal.say("/file note.txt", "With your next message: note.txt");
  await terminal.say("//etc/hosts?", "echo: ");
  expect(JSON.stringify(gateway.lastTurns())).toContain("a note");
  await terminal.say("/agent nobody", "agent not found: nobody");
  await terminal.say("still here", "echo: still here");
  terminal.write("\u0003");
  expect((await terminal.exited).exitCode).toBe(130);
});

test("Ctrl-C cancels an answer and the conversation goes on; with a text it clears the line", async () => {
  const terminal = await converse();
  const upstream = model.manual();
  terminal.write("tell me a story\r");
  await upstream.arrived;
  await upstream.send("Once upon");
  await terminal.until("Once upon");
  terminal.write("\u0003");
  await terminal.until("The run was cancelled");
  await upstream.aborted;
  await terminal.until(PROMPT);
  terminal.write("half a line\u0003");
  await terminal.say("whole", "echo: whole");
  expect(sent()).toContain("whole");
  terminal.write("\u0004");
  expect((await terminal.exited).exitCode).toBe(0);
});

test("tools are dimmed lines of their own, within the width of the terminal", async () => {
  const path = `${"x".repeat(200)}.txt`;
  model.enqueue({ text: "Looking", toolCalls: [{ name: "read_file", arguments: { path } }] }, { text: "Gone." });
  const { stdout } = await gateway.onTerminal(["chat", "-a", "openai", "Read it"]).exited;
  const dimmed = stdout.replaceAll("\u001b[2m", "<").replaceAll("\u001b[22m", ">");
  expect(dimmed).toMatch(/^Looking\r\n<→ read_file \{"path":"x+…>\r\n<✗ read_file .*…>\r\nGone\.\r\n/);
  expect(stdout).toMatch(/\r\nGone\.\r\n.*goclaw chat --session agent:openai:\S+ continues\./);
  for (const line of stdout.split("\r\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
  model.enqueue({ text: "Looking", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "Done." });
  const plain = await gateway.onTerminal(["chat", "-a", "openai", "Look"], { env: { NO_COLOR: "1" } }).exited;
  expect(plain.stdout).not.toContain("\u001b");
});

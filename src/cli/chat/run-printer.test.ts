import { expect, test } from "bun:test";
import { RunPrinter } from "#cli/chat/run-printer.ts";
import type { Output, Terminal } from "#cli/terminal/terminal.ts";
import type { RunEvent } from "#client/index.ts";

type EventBody = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, "seq" | "cursor">
    : never
  : never;

/** Shows events on a terminal where both outputs are one screen, and returns the screen. */
function show(...events: readonly EventBody[]): string {
  const screen: string[] = [];
  const output: Output = {
    isTerminal: true,
    width: 60,
    write: (text) => {
      screen.push(String(text));
    },
    paint: (_, text) => text,
  };
  const terminal: Pick<Terminal, "out" | "err"> = { out: output, err: output };
  const printer = new RunPrinter(terminal, { showsReasoning: true, isQuiet: false });
  for (const [index, event] of events.entries())
    printer.show({ seq: index, cursor: String(index), ...event } as RunEvent);
  printer.finish();
  return screen.join("");
}

const text = (messageId: string, words: string): EventBody => ({
  type: "text.delta",
  messageId,
  offset: 0,
  text: words,
});
const message = (id: string, words: string): EventBody => ({
  type: "message.completed",
  message: {
    ...{ id, parent_id: null, role: "assistant" as const, run_id: null, is_complete: true, created_at: "" },
    parts: [{ type: "text", text: words }],
  },
});

test("an answer that begins again says so", () => {
  const screen = show(text("a", "Once up"), { type: "message.reset", messageId: "a" }, text("b", "Long ago"));
  expect(screen).toBe("Once up\n(what came before is void: the answer begins again)\nLong ago\n");
});

test("a message that is known only as a whole is shown once", () => {
  expect(show(message("a", "All of it"))).toBe("All of it\n");
  expect(show(text("a", "All "), text("a", "of it"), message("a", "All of it"), message("b", "More"))).toBe(
    "All of it\nMore\n",
  );
});

test("thoughts, tools and text each have lines of their own", () => {
  const screen = show(
    { type: "reasoning.delta", messageId: "a", offset: 0, text: "Hm\u001b." },
    text("a", "Look"),
    { type: "tool.call", callId: "1", name: "read_file", arguments: '{"path":"a\nb"}', isClient: false },
    { type: "tool.result", callId: "2", name: "other", text: "no\nuse", isError: true },
    text("b", "Done\n"),
  );
  expect(screen).toBe('Hm␛.\nLook\n→ read_file {"path":"a b"}\n✗ other failed: no use\nDone\n');
});

import { cutToCells } from "#cli/output/cut-to-cells.ts";
import { toSeconds } from "#cli/output/to-cell.ts";
import { safeLine, safeText } from "#cli/terminal/safe-text.ts";
import type { Terminal } from "#cli/terminal/terminal.ts";
import type { RunEvent } from "#client/index.ts";

export interface PrinterOptions {
  readonly showsReasoning: boolean;
  /** Prints the text alone, without what is going on. */
  readonly isQuiet: boolean;
}

/** The longest line about a tool where the width of the terminal is unknown, in cells. */
const LINE_CELLS = 100;

/** Shows the events of a run to people: its text on the standard output, what is going on on the standard error. */
export class RunPrinter {
  readonly #terminal: Pick<Terminal, "out" | "err">;
  readonly #options: PrinterOptions;
  readonly #callsBegunAt = new Map<string, number>();
  /** The message whose text was printed last, if it may go on. */
  #messageId: string | undefined;
  #hasText = false;
  #isTextAtLineStart = true;
  #isNoteAtLineStart = true;

  constructor(terminal: Pick<Terminal, "out" | "err">, options: PrinterOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  show(event: RunEvent): void {
    switch (event.type) {
      case "text.delta":
        this.#writeText(event.messageId, event.text);
        break;
      case "reasoning.delta":
        if (this.#options.showsReasoning) this.#writeReasoning(event.text);
        break;
      case "message.completed":
        this.#completeMessage(event.message);
        break;
      case "message.reset":
        if (event.messageId === this.#messageId) this.#note("(what came before is void: the answer begins again)");
        this.#messageId = undefined;
        break;
      case "tool.call":
        this.#callsBegunAt.set(event.callId, performance.now());
        this.#note(`→ ${event.name} ${event.arguments === "{}" ? "" : event.arguments}`);
        break;
      case "tool.result":
        this.#showResult(event);
        break;
      case "run.completed":
        this.finish();
        if (event.finish === "length") this.#note("(the answer was cut: it reached the longest that is allowed)");
        if (event.finish === "content_filter") this.#note("(the provider held back a part of the answer)");
        break;
      case "run.failed":
      case "run.cancelled":
        this.finish();
        break;
      case "run.queued":
      case "run.started":
      case "message.started":
      case "tool.progress":
        break;
    }
  }

  /** Ends the line that is being written, so that a prompt or an error begins a new one. */
  finish(): void {
    if (this.#hasText && !this.#isTextAtLineStart) this.#terminal.out.write("\n");
    this.#isTextAtLineStart = true;
    this.#endNote();
  }

  #writeText(messageId: string, text: string): void {
    const safe = safeText(text);
    if (safe === "") return;
    this.#endNote();
    if (messageId !== this.#messageId && !this.#isTextAtLineStart) this.#terminal.out.write("\n");
    this.#messageId = messageId;
    this.#terminal.out.write(safe);
    this.#hasText = true;
    this.#isTextAtLineStart = safe.endsWith("\n");
  }

  /** A run that is followed late has its messages only as a whole. */
  #completeMessage({ id, role, parts }: Extract<RunEvent, { type: "message.completed" }>["message"]): void {
    if (role !== "assistant" || id === this.#messageId) return;
    for (const part of parts) if (part.type === "text") this.#writeText(id, part.text);
  }

  #writeReasoning(text: string): void {
    this.#breakText();
    const { err } = this.#terminal;
    const safe = safeText(text);
    err.write(err.paint("dim", safe));
    this.#isNoteAtLineStart = safe.endsWith("\n");
  }

  #showResult({ callId, name, text, isError }: Extract<RunEvent, { type: "tool.result" }>): void {
    const begunAt = this.#callsBegunAt.get(callId);
    const took = begunAt === undefined ? "" : ` ${toSeconds(performance.now() - begunAt)}`;
    this.#note(isError ? `✗ ${name}${took} failed: ${text}` : `✓ ${name}${took}`);
  }

  #note(line: string): void {
    if (this.#options.isQuiet) return;
    this.#endNote();
    this.#breakText();
    const { err } = this.#terminal;
    err.write(`${err.paint("dim", cutToCells(safeLine(line), err.width ?? LINE_CELLS))}\n`);
  }

  #endNote(): void {
    if (!this.#isNoteAtLineStart) this.#terminal.err.write("\n");
    this.#isNoteAtLineStart = true;
  }

  /** Where both outputs are one screen, a note begins a new line. Elsewhere it leaves the text as it is. */
  #breakText(): void {
    const { out, err } = this.#terminal;
    if (!out.isTerminal || !err.isTerminal || this.#isTextAtLineStart) return;
    out.write("\n");
    this.#isTextAtLineStart = true;
  }
}

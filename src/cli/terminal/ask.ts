import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Interrupted } from "#cli/command-errors.ts";
import type { Terminal } from "#cli/terminal/terminal.ts";

/** Asks a person for a line. */
export const ask = (terminal: Terminal, question: string): Promise<string> =>
  readLine(terminal, question, (text) => terminal.err.write(text));

/** Asks for a line that is not shown while it is written. */
export async function askSecretly(terminal: Terminal, question: string): Promise<string> {
  const answer = await readLine(terminal, "", () => {}, question);
  terminal.err.write("\n");
  return answer;
}

async function readLine(
  { input, err }: Terminal,
  question: string,
  show: (text: string) => void,
  heading = "",
): Promise<string> {
  const output = new Writable({
    write(chunk, _encoding, done) {
      show(String(chunk));
      done();
    },
  });
  // From here on the terminal itself shows nothing. A question before that would invite a secret to be seen.
  const lines = createInterface({ input, output, terminal: true });
  err.write(heading);
  try {
    return await lines.question(question);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw new Interrupted("", { cause: error });
    throw error;
  } finally {
    lines.close();
  }
}

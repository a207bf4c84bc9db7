import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Terminal } from "#cli/terminal/terminal.ts";

/** Asks a person for a line. */
export const ask = (terminal: Terminal, question: string): Promise<string> =>
  readLine(
    terminal,
    question,
    new Writable({ write: (chunk, _encoding, done) => done(void terminal.err.write(chunk)) }),
  );

/** Asks for a line that is not shown while it is written. */
export async function askSecretly(terminal: Terminal, question: string): Promise<string> {
  terminal.err.write(question);
  const answer = await readLine(terminal, "", new Writable({ write: (_chunk, _encoding, done) => done() }));
  terminal.err.write("\n");
  return answer;
}

async function readLine({ input }: Terminal, question: string, output: Writable): Promise<string> {
  const lines = createInterface({ input, output, terminal: true });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

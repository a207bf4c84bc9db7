import { fstatSync } from "node:fs";
import { SECOND } from "#base/clock.ts";
import { UsageError } from "#cli/command-errors.ts";
import type { Invocation } from "#cli/invocation.ts";

/** What a message may hold from a pipe, in bytes. More is better sent as a file. */
const MOST_BYTES = 1024 * 1024;
/** How long a pipe without a word is waited for where there is a message already. */
const SILENCE_MS = 3 * SECOND;
const STDIN = 0;

/**
 * Reads the text that is piped in. Returns an empty text where nothing is. With a message given, a pipe that stays
 * silent is left alone: programs hand down pipes that nobody writes to.
 */
export async function readPipe(
  invocation: Invocation,
  { hasMessage }: { readonly hasMessage: boolean },
): Promise<string> {
  const { input } = invocation.terminal;
  if (input.isTTY || !isReadable()) return "";
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = hasMessage ? setTimeout(giveUp, SILENCE_MS) : undefined;
  function giveUp(): void {
    invocation.note("Nothing came from the pipe for 3 seconds: going on without it. < /dev/null saves the wait.");
    resolve();
  }
  input.on("data", (chunk: Buffer) => {
    clearTimeout(timer);
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) reject(new UsageError("the pipe holds more than 1 MiB: send it as a file with --file."));
  });
  input.on("end", resolve);
  input.on("error", reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    // Otherwise a pipe that stays open keeps the command from ending.
    input.destroy();
  }
  return decode(Buffer.concat(chunks));
}

/** A closed standard input, or a device such as `/dev/null`, has nothing to say. */
function isReadable(): boolean {
  try {
    const facts = fstatSync(STDIN);
    return facts.isFIFO() || facts.isFile() || facts.isSocket();
  } catch {
    return false;
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimEnd();
  } catch (error) {
    throw new UsageError("the pipe holds no text in UTF-8: send it as a file with --file.", { cause: error });
  }
}

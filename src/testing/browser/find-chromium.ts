import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The first has no windows to draw, so it takes half the time. */
const PROGRAMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** Returns the path of this machine's Chromium, or undefined if it has none. */
export function findChromium(path = process.env.PATH ?? ""): string | undefined {
  const directories = path.split(delimiter).filter((directory) => directory !== "");
  return PROGRAMS.flatMap((program) => directories.map((directory) => join(directory, program))).find((file) =>
    existsSync(file),
  );
}

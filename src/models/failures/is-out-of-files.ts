import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

const OUT_OF_FILES = new Set(["EMFILE", "ENFILE"]);

/**
 * Returns true if this process can open no file and no socket now. The runtime reports a connection that fails for this
 * reason as refused, so it has to be tried.
 */
export function isOutOfFiles(): boolean {
  try {
    closeSync(openSync(devNull, "r"));
    return false;
  } catch (error) {
    return OUT_OF_FILES.has((error as NodeJS.ErrnoException).code ?? "");
  }
}

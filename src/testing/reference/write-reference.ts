import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeReference, REFERENCE } from "#testing/reference/make-reference.ts";

/** Writes the pages of `docs/reference` anew. */
const { pages } = await makeReference("sqlite");
rmSync(REFERENCE, { recursive: true, force: true });
mkdirSync(REFERENCE, { recursive: true });
for (const [name, text] of pages) writeFileSync(join(REFERENCE, name), text);
process.stdout.write(`wrote ${pages.size} pages to docs/reference\n`);

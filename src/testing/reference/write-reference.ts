import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT_TYPES, makeClientTypes } from "#testing/reference/make-client-types.ts";
import { makeReference, REFERENCE } from "#testing/reference/make-reference.ts";

/** Writes the pages of `docs/reference` and the types of the client anew. */
const { pages } = await makeReference("sqlite");
rmSync(REFERENCE, { recursive: true, force: true });
mkdirSync(REFERENCE, { recursive: true });
for (const [name, text] of pages) writeFileSync(join(REFERENCE, name), text);
await Bun.write(CLIENT_TYPES, makeClientTypes());
process.stdout.write(`wrote ${pages.size} pages to docs/reference\n`);

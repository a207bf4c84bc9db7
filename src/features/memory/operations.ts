import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { createEntry } from "#features/memory/create-entry.ts";
import { deleteEntry } from "#features/memory/delete-entry.ts";
import { memoryCreated, memoryDeleted } from "#features/memory/events.ts";
import { listEntries } from "#features/memory/list-entries.ts";
import * as schema from "#features/memory/schema.ts";

export const memoryOperations = [
  defineOperation({
    name: "memory.list",
    http: { method: "GET", path: "/v1/memory" },
    access: ACCESS.read,
    summary: "List or search what agents remember",
    description:
      "The latest changes first; with `q`, what fits best first, with the stretch that fits. Administrators see the whole tenant, others what an agent remembers for them and for all users. `total` of a search counts the documents among the best 500 stretches.",
    input: schema.ListMemoryInput,
    output: schema.MemoryPage,
    errors: ["NOT_FOUND"],
    run: listEntries,
  }),
  defineOperation({
    name: "memory.create",
    http: { method: "POST", path: "/v1/memory", status: 201 },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Have an agent remember something",
    description:
      "For the caller; administrators write for any user, or for all users. Searches find it at once. A path can be used once for each user: the documents of an agent can be replaced.",
    input: schema.CreateMemoryInput,
    output: schema.MemoryEntry,
    errors: ["ALREADY_EXISTS"],
    audit: memoryCreated,
    example: { input: { agent_id: "default", content: "Lan drinks green tea.", path: "memory/tea.md" } },
    run: createEntry,
  }),
  defineOperation({
    name: "memory.delete",
    http: { method: "DELETE", path: "/v1/memory/{id}" },
    access: ACCESS.write,
    summary: "Have an agent forget something",
    description: "Administrators delete any entry, others their own. No search finds it afterwards.",
    input: schema.MemoryEntryPath,
    output: Deleted,
    audit: memoryDeleted,
    example: { output: DELETED },
    run: deleteEntry,
  }),
];

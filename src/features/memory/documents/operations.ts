import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { deleteDocumentAt } from "#features/memory/documents/delete-document-at.ts";
import { indexAllDocuments, indexDocument } from "#features/memory/documents/index-documents.ts";
import { putDocument } from "#features/memory/documents/put-document.ts";
import {
  listAgentDocuments,
  listAllDocuments,
  readDocument,
  readDocumentChunks,
} from "#features/memory/documents/read-documents.ts";
import * as schema from "#features/memory/documents/schema.ts";
import { searchDocuments } from "#features/memory/documents/search-documents.ts";
import { memoryDeleted, memoryIndexed, memoryUpdated } from "#features/memory/events.ts";

const PATH = "/v1/agents/{agentID}/memory";

export const memoryDocumentOperations = [
  defineOperation({
    name: "memory.documents.list-all",
    http: { method: "GET", path: "/v1/memory/documents" },
    access: ACCESS.read,
    summary: "List the documents that agents remember",
    description: "The latest 1,000 changes first. For administrators, of the whole tenant.",
    input: schema.ListAllInput,
    output: schema.DocumentInfos,
    errors: ["NOT_FOUND"],
    run: listAllDocuments,
  }),
  defineOperation({
    name: "memory.documents.list",
    http: { method: "GET", path: `${PATH}/documents` },
    access: ACCESS.read,
    summary: "List the documents that one agent remembers",
    description: "The latest 1,000 changes first.",
    input: schema.ListDocumentsInput,
    output: schema.DocumentInfos,
    run: listAgentDocuments,
  }),
  defineOperation({
    name: "memory.documents.get",
    http: { method: "GET", path: `${PATH}/documents/{path...}` },
    access: ACCESS.read,
    summary: "Read a document that an agent remembers",
    description: "That of the user, or else the one that all users share.",
    input: schema.DocumentInput,
    output: schema.MemoryDocument,
    run: readDocument,
  }),
  defineOperation({
    name: "memory.documents.put",
    http: { method: "PUT", path: `${PATH}/documents/{path...}` },
    access: ACCESS.write,
    summary: "Write a document that an agent remembers",
    description: "Replaces a document with the same path. Others than administrators write their own.",
    input: schema.PutDocumentInput,
    output: schema.PutDocument,
    audit: memoryUpdated,
    example: { input: { content: "Lan drinks green tea." }, output: { status: "ok", path: "memory/tea.md" } },
    run: putDocument,
  }),
  defineOperation({
    name: "memory.documents.delete",
    http: { method: "DELETE", path: `${PATH}/documents/{path...}` },
    access: ACCESS.write,
    summary: "Delete a document that an agent remembers",
    description: "Others than administrators delete their own.",
    input: schema.DeleteDocumentInput,
    output: Deleted,
    audit: memoryDeleted,
    example: { output: DELETED },
    run: deleteDocumentAt,
  }),
  defineOperation({
    name: "memory.chunks",
    http: { method: "GET", path: `${PATH}/chunks` },
    access: ACCESS.read,
    summary: "Show the stretches of a document as searches find them",
    description: "Each has at most 1,000 characters, with its lines in the document.",
    input: schema.DocumentInput,
    output: z.array(schema.DocumentChunk),
    run: readDocumentChunks,
  }),
  defineOperation({
    name: "memory.index",
    http: { method: "POST", path: `${PATH}/index` },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Compute the index of a document anew",
    description:
      "Every write does it already. It helps after an update of the gateway that splits text in another way.",
    input: schema.IndexInput,
    output: schema.Indexed,
    audit: memoryIndexed,
    example: { input: { path: "memory/tea.md" }, output: { status: "indexed", path: "memory/tea.md" } },
    run: indexDocument,
  }),
  defineOperation({
    name: "memory.index-all",
    http: { method: "POST", path: `${PATH}/index-all` },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Compute the index of all documents of an agent anew",
    description: "Those that a list would show the caller.",
    input: schema.IndexAllInput,
    output: schema.IndexedAll,
    audit: memoryIndexed,
    example: { input: { user_id: "lan" }, output: { status: "indexed_all" } },
    run: indexAllDocuments,
  }),
  defineOperation({
    name: "memory.search",
    http: { method: "POST", path: `${PATH}/search` },
    runsOnce: true,
    access: ACCESS.read,
    summary: "Search what one agent remembers",
    description: "As the agent itself does with `memory_search`. What fits best comes first.",
    input: schema.SearchInput,
    output: schema.SearchResult,
    example: { input: { query: "green tea" } },
    run: searchDocuments,
  }),
];

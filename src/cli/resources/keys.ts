import { readList, readSpan } from "#cli/resources/read-field.ts";
import { defineCommand, fields, type LookUp, type Resource, sentence, table } from "#cli/resources/resource-command.ts";
import type { OutputOf } from "#client/index.ts";

const byName: LookUp = {
  operation: "api_keys.list",
  entries: (keys: OutputOf<"api_keys.list">) =>
    keys.filter(({ revoked }) => !revoked).map(({ id, name, prefix }) => ({ id, names: [name, prefix] })),
};

export const keys: Resource = {
  name: "keys",
  summary: "manage API keys",
  commands: [
    defineCommand("api_keys.list", {
      name: "list",
      summary: "list API keys",
      example: "goclaw keys list",
      show: table((answer) => answer, {
        id: (key) => key.id,
        empty: "There are no API keys. Make one with goclaw keys create.",
        columns: [
          { title: "NAME", isKey: true, value: (key) => key.name },
          { title: "KEY", value: (key) => key.masked },
          { title: "SCOPES", value: (key) => key.scopes.map((scope) => scope.replace("operator.", "")) },
          { title: "USER", value: (key) => key.owner_id },
          { title: "STATUS", kind: "status", value: ({ revoked }) => (revoked ? "revoked" : "active") },
          { title: "EXPIRES", kind: "age", value: (key) => key.expires_at },
          { title: "USED", isExtra: true, kind: "age", value: (key) => key.last_used_at },
        ],
      }),
    }),
    defineCommand("api_keys.create", {
      name: "create",
      summary: "make an API key; it is shown this once, and --quiet prints nothing else",
      example: "goclaw keys create ci --scopes read,write --expires 30d",
      arguments: [{ name: "name", field: "name", help: "what it is for" }],
      options: [
        {
          flags: "--scopes <list>",
          field: "scopes",
          help: "what it may do: read, write, admin (default: read)",
          read: readList,
        },
        { flags: "--expires <span>", field: "expires_in", help: "how long it works, such as 30d", read: readSpan },
        { flags: "--for <user>", field: "owner_id", help: "the user that it always acts for" },
      ],
      defaults: { scopes: ["read"] },
      show: fields(({ key = "" }) => key),
    }),
    defineCommand("api_keys.revoke", {
      name: "revoke",
      summary: "end an API key at once",
      example: "goclaw keys revoke ci",
      arguments: [{ name: "key", field: "id", help: "its name, prefix or id", lookUp: byName }],
      show: sentence(() => "Revoked the key."),
    }),
  ],
};

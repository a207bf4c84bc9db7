import type { ApiDocument, ApiGroup } from "#contract/reference/api-document.ts";
import { schemaNameOf } from "#contract/reference/describe-type.ts";
import type { Exchange } from "#contract/reference/exchange.ts";
import { toObjectSections } from "#contract/reference/to-object-sections.ts";
import { toOperationSection } from "#contract/reference/to-operation-section.ts";

/** The exchange that shows each operation, by the operation's name. */
export type Examples = ReadonlyMap<string, Exchange>;

/** Returns the file name of a group's page. */
export const pageOf = ({ name }: Pick<ApiGroup, "name">): string =>
  `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.md`;

/** Writes the page of a group: its operations, and the objects that they take and answer with. */
export function toGroupPage(group: ApiGroup, { schemas }: ApiDocument, examples: Examples): string {
  const { name, description, operations } = group;
  const shown = operations.flatMap(({ parameters, body, answers }) => [
    ...parameters.map(({ schema }) => schema),
    ...answers.flatMap(({ contents }) => contents.map(({ schema }) => schema)),
    // The fields of a body stand in its operation, so only what they refer to has a section.
    ...(body ? [{ items: Object.values(schemas[schemaNameOf(body.schema) ?? ""] ?? body.schema) }] : []),
  ]);
  const objects = toObjectSections(shown, schemas);
  return `${[
    `# ${name}`,
    description,
    "[All groups](README.md) · [what the headers mean](README.md#headers) · [what the errors mean](README.md#errors)",
    ...operations.map((operation) => toOperationSection(operation, schemas, examples.get(operation.name))),
    ...(objects.length > 0 ? ["## Objects", ...objects] : []),
  ].join("\n\n")}\n`;
}

import type { ApiDocument, ApiGroup } from "#contract/reference/api-document.ts";
import { describeType } from "#contract/reference/describe-type.ts";
import { toAnchors } from "#contract/reference/to-anchors.ts";
import { pageOf } from "#contract/reference/to-group-page.ts";
import { toCell } from "#contract/reference/to-prose.ts";

const INTRODUCTION = `# Reference

Every operation of the gateway, with the fields that it takes, its answers and an example. \`npm run reference\` writes these pages. It sends each example to a gateway and shows what came back, with lists and long texts cut, and with ids and times replaced. The tests do the same and fail where a page differs.

The [guide](../guide/README.md) explains how things fit together. The examples use its two variables:

\`\`\`sh
export GOCLAW=http://127.0.0.1:18790
export AUTH="Authorization: Bearer $(npx goclaw token)"
\`\`\`

With the gateway token, name the user on whose behalf you call in \`X-GoClaw-User-Id\`. The examples use an API key of a user instead, unless they are for owners of the gateway. An optional field may also be \`null\`, unless its meaning says otherwise. Unknown fields are ignored, and answers may gain fields.`;

/** Writes the page that leads to all others, with what holds for all operations. */
export function toIndexPage({ groups, headers, errors }: ApiDocument): string {
  return `${[
    INTRODUCTION,
    "## Groups",
    ...groups.map(toGroup),
    "## Headers",
    toTable(
      ["name", "type", "meaning"],
      headers.map(({ name, schema, description }) => [`\`${name}\``, describeType(schema), toCell(description)]),
    ),
    "## Errors",
    'Every error has the same body: `{"error":{"code","message","retryable","retryAfterMs","details"?}}`.',
    toTable(
      ["status", "codes", "meaning"],
      errors.map(({ status, codes, meaning }) => [status, codes.map((code) => `\`${code}\``).join(" "), meaning]),
    ),
  ].join("\n\n")}\n`;
}

function toGroup(group: ApiGroup): string {
  const { operations } = group;
  const [, ...anchors] = toAnchors([group.name, ...operations.map(({ summary }) => summary)]);
  const rows = operations.map(({ route, summary }, index) => [
    `\`${route.method} ${route.path}\``,
    `[${toCell(summary)}](${pageOf(group)}#${anchors[index]})`,
  ]);
  return [`### [${group.name}](${pageOf(group)})`, group.description, toTable(["", ""], rows)].join("\n\n");
}

function toTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [toRow(titles), `|${"--|".repeat(titles.length)}`, ...rows.map(toRow)].join("\n");
}

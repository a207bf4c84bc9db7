import type { JsonObject } from "#base/json.ts";
import type { ApiAccess, ApiAnswer, ApiContent, ApiOperation, ApiRoute } from "#contract/reference/api-document.ts";
import { describeType, schemaNameOf } from "#contract/reference/describe-type.ts";
import type { Exchange } from "#contract/reference/exchange.ts";
import { toAnswerBlock } from "#contract/reference/to-answer-block.ts";
import { toCurl } from "#contract/reference/to-curl.ts";
import { type Field, fieldsOf, toFieldsTable, toMeaning } from "#contract/reference/to-fields-table.ts";
import { toProse } from "#contract/reference/to-prose.ts";

const ROLES: Readonly<Record<string, string>> = {
  viewer: "everyone with a token of the tenant",
  operator: "operators and administrators",
  admin: "administrators",
  owner: "owners of the gateway",
};

const TENANTS: Readonly<Record<string, string>> = {
  master: ", in the tenant `master` only",
  system: ", for all tenants",
};

/** Writes everything about one operation. */
export function toOperationSection(
  operation: ApiOperation,
  schemas: Readonly<Record<string, JsonObject>>,
  example: Exchange | undefined,
): string {
  const { name, route, aliases, summary, description, access, parameters, body, answers } = operation;
  const fields = parameters.map(
    ({ name, in: place, required, description, schema }): Field & { readonly place: string } => ({
      ...{ name, place, required, type: describeType(schema) },
      meaning: toMeaning({ ...schema, description }),
    }),
  );
  const tableOf = (title: string, place: string) => {
    const chosen = fields.filter((field) => field.place === place);
    return chosen.length > 0 ? [`**${title}**`, toFieldsTable(chosen, "request")] : [];
  };
  const headers = fields.filter(({ place }) => place === "header").map((field) => `\`${field.name}\``);
  return [
    `## ${toProse(summary)}`,
    [toRoute(route), ...aliases.map((alias) => `, also ${toRoute(alias)}`)].join(""),
    toProse(description),
    `**Callers**: ${toAudience(access)}. **Operation**: \`${name}\``,
    ...tableOf("Path", "path"),
    ...tableOf("Query", "query"),
    ...toBody(body, schemas),
    `**Headers**: ${headers.join(", ")}`,
    ...answers.flatMap(toAnswer),
    `**Errors**: ${operation.errors.map(toError).join(", ")}`,
    ...toExample(example),
  ].join("\n\n");
}

const toRoute = ({ method, path }: ApiRoute) => `\`${method} ${path}\``;

function toAudience(access: ApiAccess | "public"): string {
  if (access === "public") return "everyone, without a token";
  const { role, scope, tenant } = access;
  return `${ROLES[role] ?? role}${TENANTS[tenant] ?? ""}; API keys need the scope \`${scope}\``;
}

function toBody(body: ApiContent | undefined, schemas: Readonly<Record<string, JsonObject>>): readonly string[] {
  if (body === undefined) return [];
  const schema = schemas[schemaNameOf(body.schema) ?? ""] ?? body.schema;
  const fields = fieldsOf(schema, "request");
  const title = `**Body** (\`${body.mediaType}\`)`;
  return fields.length > 0 ? [title, toFieldsTable(fields, "request")] : [`${title}: ${describeType(schema)}.`];
}

function toAnswer({ status, description, contents }: ApiAnswer): readonly string[] {
  const forms = contents.map(({ mediaType, schema }) => {
    const type = Object.keys(schema).length === 0 ? "bytes" : describeType(schema);
    return mediaType === "application/json" ? type : `${type} as \`${mediaType}\``;
  });
  const fields = contents.flatMap(({ schema }) => fieldsOf(schema, "answer"));
  const note = description === "Success" ? "" : `. ${description.replace(/^Success\. /, "")}`;
  const text = `**Answer ${status}**: ${[...new Set(forms)].join(", or ")}${note}`;
  return fields.length > 0 ? [text, toFieldsTable(fields, "answer")] : [text];
}

const toError = ({ status, codes }: ApiOperation["errors"][number]): string =>
  `${status} ${codes.map((code) => `\`${code}\``).join(" ")}`;

function toExample(example: Exchange | undefined): readonly string[] {
  if (!example) return [];
  return [
    "**Example**",
    `\`\`\`sh\n${toCurl(example)}\n\`\`\``,
    `It answers ${example.status}:`,
    toAnswerBlock(example),
  ];
}

import type { z } from "zod";
import { headOf } from "#base/cut-text.ts";
import { AppError, type FieldIssue } from "#base/errors.ts";
import { catalogs, type MessageKey } from "#base/i18n/translate.ts";

type Issue = z.core.$ZodIssue;

/** A failed parse as 400 with one translatable sentence per field. */
export function invalidRequest(error: z.ZodError): AppError {
  const issues = error.issues.flatMap(toFieldIssues).slice(0, 50);
  const fields = [...new Set(issues.map(({ field }) => field))].join(", ");
  const first = issues[0]?.field;
  return new AppError(
    "INVALID_REQUEST",
    "error.invalid_fields",
    { fields },
    { issues, ...(first && { field: first }) },
  );
}

function toFieldIssues(issue: Issue): readonly FieldIssue[] {
  if (issue.code !== "unrecognized_keys") return [{ field: toField(issue.path), ...describe(issue) }];
  return issue.keys.map((name) => ({
    field: toField([...issue.path, headOf(name, SHOWN_NAME)]),
    key: "field.unknown",
    params: {},
  }));
}

/** Names of fields that nobody knows are the caller's own text, of any length. */
const SHOWN_NAME = 100;

const toField = (path: readonly PropertyKey[]): string => path.map(String).join(".");

function describe(issue: Issue): Omit<FieldIssue, "field"> {
  if (isMessageKey(issue.message)) return { key: issue.message, params: {} };
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined && issue.message.includes("undefined")
        ? { key: "field.required", params: {} }
        : { key: "field.type", params: { expected: issue.expected } };
    case "invalid_value":
      return { key: "field.choice", params: { options: toList(issue.values) } };
    case "invalid_union":
      return describeUnion(issue);
    case "too_small":
      return {
        key: isNumeric(issue.origin) ? "field.too_small" : "field.too_short",
        params: { minimum: Number(issue.minimum) },
      };
    case "too_big":
      return {
        key: isNumeric(issue.origin) ? "field.too_big" : "field.too_long",
        params: { maximum: Number(issue.maximum) },
      };
    case "invalid_format":
      return { key: "field.format", params: {} };
    default:
      return { key: "field.invalid", params: {} };
  }
}

/** A union says what it wants where one field tells its members apart, or where all of them want another type. */
function describeUnion({ errors, ...issue }: z.core.$ZodIssueInvalidUnion): Omit<FieldIssue, "field"> {
  if ("options" in issue && Array.isArray(issue.options)) {
    return { key: "field.choice", params: { options: toList(issue.options) } };
  }
  const types = errors.map(([first]) =>
    first?.code === "invalid_type" && first.path.length === 0 ? first.expected : "",
  );
  if (types.length === 0 || types.includes("")) return { key: "field.invalid", params: {} };
  return { key: "field.type", params: { expected: [...new Set(types)].join(" | ") } };
}

const toList = (values: readonly unknown[]): string =>
  values.map((value) => (value === "" ? '""' : String(value))).join(", ");

const isNumeric = (origin: string) => ["number", "int", "bigint", "date"].includes(origin);

// A schema may name its message in our catalogue: `z.string().regex(SLUG, "field.slug")`.
const isMessageKey = (message: string): message is MessageKey => message in catalogs.en;

import type { z } from "zod";
import { AppError, type FieldIssue } from "#base/errors.ts";
import { catalogs, type MessageKey } from "#base/i18n/translate.ts";
import { headOf } from "#base/texts/cut-text.ts";

const MAX_ISSUES = 10;

type Issue = z.core.$ZodIssue;

/** Converts a failed parse to a 400 error with one translatable message per field, for at most `MAX_ISSUES` fields. */
export function invalidRequest(error: z.ZodError): AppError {
  const issues = error.issues.flatMap(toFieldIssues).slice(0, MAX_ISSUES);
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
  const meant = issue.code === "invalid_union" ? findMeant(issue.errors) : undefined;
  if (meant) return meant.flatMap((inner) => toFieldIssues({ ...inner, path: [...issue.path, ...inner.path] }));
  if (issue.code !== "unrecognized_keys") return [{ field: toField(issue.path), ...describe(issue) }];
  return issue.keys.map((name) => ({
    field: toField([...issue.path, headOf(name, MAX_NAME_CHARS)]),
    key: "field.unknown",
    params: {},
  }));
}

/** The maximum length of an unknown field name in a message. The caller chooses the name, so it may be very long. */
const MAX_NAME_CHARS = 100;

const toField = (path: readonly PropertyKey[]): string => path.map(String).join(".");

function describe(issue: Issue): Omit<FieldIssue, "field"> {
  if (isMessageKey(issue.message)) return { key: issue.message, params: {} };
  switch (issue.code) {
    case "invalid_type":
      return isAbsent(issue) ? REQUIRED : { key: "field.type", params: { expected: issue.expected } };
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

/**
 * Returns the issues of the one member of a union that a value is meant for. The others are of another type, have other
 * names in a field, or require fields that the value does not have. Returns undefined if there is no such member.
 */
function findMeant(members: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const isUnnamed = ({ code, path }: Issue) =>
    (code === "invalid_type" && path.length === 0) ||
    ((code === "invalid_value" || code === "custom") && path.length === 1);
  const named = members.filter((issues) => !issues.some(isUnnamed));
  const whole = named.filter((issues) => !issues.some((issue) => issue.path.length === 1 && isAbsent(issue)));
  const [only, ...others] = named.length > 1 ? whole : named;
  return others.length === 0 ? only : undefined;
}

/** Names the values or types that a union expects, as far as its members agree on one field or on the cause. */
function describeUnion({ errors, ...issue }: z.core.$ZodIssueInvalidUnion): Omit<FieldIssue, "field"> {
  if ("options" in issue && Array.isArray(issue.options)) {
    return { key: "field.choice", params: { options: toList(issue.options) } };
  }
  if (errors.length > 0 && errors.every(([first]) => first?.path.length === 0 && isAbsent(first))) return REQUIRED;
  const types = errors.map(([first]) =>
    first?.code === "invalid_type" && first.path.length === 0 ? first.expected : "",
  );
  if (types.length === 0 || types.includes("")) return { key: "field.invalid", params: {} };
  return { key: "field.type", params: { expected: [...new Set(types)].join(" | ") } };
}

const REQUIRED = { key: "field.required", params: {} } as const;

/** Returns whether an issue is about a value that is absent. Only the message of zod says so. */
const isAbsent = (issue: Issue): boolean =>
  issue.code === "invalid_type" && issue.input === undefined && issue.message.includes("undefined");

const toList = (values: readonly unknown[]): string =>
  values.map((value) => (value === "" ? '""' : String(value))).join(", ");

const isNumeric = (origin: string) => ["number", "int", "bigint", "date"].includes(origin);

// A schema may name a message of the catalogue: `z.string().regex(SLUG, "field.slug")`.
const isMessageKey = (message: string): message is MessageKey => Object.hasOwn(catalogs.en, message);

import { expect, test } from "bun:test";
import { codeOf, isForeignKeyViolation, isTransactionConflict, isUniqueViolation } from "#db/errors.ts";

const withCode = (code: unknown) => Object.assign(new Error("failed"), { code });

test("what is thrown without a code is no error of a database", () => {
  for (const thrown of [null, undefined, "23505", 5, {}, new Error("23505")]) {
    expect(codeOf(thrown)).toBe("");
    const kinds = [isUniqueViolation(thrown), isForeignKeyViolation(thrown), isTransactionConflict(thrown)];
    expect(kinds).toEqual([false, false, false]);
  }
});

test.each<[string, boolean, boolean, boolean]>([
  ["23505", true, false, false],
  ["SQLITE_CONSTRAINT_UNIQUE", true, false, false],
  ["SQLITE_CONSTRAINT_PRIMARYKEY", true, false, false],
  ["23503", false, true, false],
  ["SQLITE_CONSTRAINT_FOREIGNKEY", false, true, false],
  ["40001", false, false, true],
  ["40P01", false, false, true],
  ["42601", false, false, false],
])("the code %s is told apart: duplicate %p, orphan %p, conflict %p", (code, isDuplicate, isOrphan, isConflict) => {
  const thrown = withCode(code);
  expect(codeOf(thrown)).toBe(code);
  expect([isUniqueViolation(thrown), isForeignKeyViolation(thrown), isTransactionConflict(thrown)]).toEqual([
    isDuplicate,
    isOrphan,
    isConflict,
  ]);
});

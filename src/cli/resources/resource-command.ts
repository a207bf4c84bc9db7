import type { CellKind } from "#cli/output/to-cell.ts";
import { readCount } from "#cli/resources/read-field.ts";
import type { HttpOperationName, OutputOf } from "#client/index.ts";

/** What a person writes after a command, in order. */
export interface CommandArgument {
  readonly name: string;
  /** The field of the operation that it fills. */
  readonly field: string;
  readonly help: string;
  readonly isOptional?: boolean;
  /** Takes all words that are left, as one text or as a list. */
  readonly rest?: "text" | "list";
  readonly read?: FieldReader;
  /** Finds the id that the operation wants by a name that people use. */
  readonly lookUp?: LookUp;
}

export interface CommandOption {
  /** In the form of commander, such as `--model <name>`. */
  readonly flags: string;
  readonly field: string;
  readonly help: string;
  readonly read?: FieldReader;
}

/** Converts what was written to the value of a field. Throws `UsageError`. */
export type FieldReader = (text: string) => unknown;

export interface LookUp {
  readonly operation: HttpOperationName;
  /** Returns the known ids, each with the names that stand for it. */
  entries(answer: never): readonly { readonly id: string; readonly names: readonly (string | undefined)[] }[];
}

export interface Column<Row> {
  readonly title: string;
  /** Is not cut, because people copy it. */
  readonly isKey?: boolean;
  /** Is left out of a table that is too narrow for it. */
  readonly isExtra?: boolean;
  readonly kind?: CellKind;
  value(row: Row): unknown;
}

/** How an answer is shown to people. `id` is what `--quiet` prints. */
export type Show<Answer> =
  | {
      readonly kind: "table";
      rows(answer: Answer): readonly unknown[];
      id(row: never): string;
      readonly columns: readonly Column<never>[];
      /** What to say where there are no rows. */
      readonly empty: string;
    }
  | { readonly kind: "fields"; fields(answer: Answer): unknown; id(answer: Answer): string }
  | { readonly kind: "sentence"; sentence(answer: Answer, input: Input): string }
  | { readonly kind: "texts"; texts(answer: Answer): readonly Passage[] };

/** A text of several lines under a heading. */
export interface Passage {
  readonly heading: string;
  readonly text: string;
}

export type Input = Readonly<Record<string, unknown>>;

/** A command that makes one call. */
export interface ResourceCommand<Answer = never> {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly operation: HttpOperationName;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** Fields that are sent unless something else is said. */
  readonly defaults?: Input;
  /** Changes what is sent, once everything is read. Throws `UsageError`. */
  prepare?(input: Input): Input;
  readonly show: Show<Answer>;
  /** Returns what went wrong, where an answer tells of a failure. */
  failure?(answer: Answer): string | undefined;
}

/** The commands on one kind of thing. */
export interface Resource {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly ResourceCommand[];
}

/** Declares a command, typed by the operation that it calls. */
export const defineCommand = <Name extends HttpOperationName>(
  operation: Name,
  command: Omit<ResourceCommand<OutputOf<Name>>, "operation">,
): ResourceCommand => ({ operation, ...command });

/** Shows the rows of an answer as a table. */
export const table = <Answer, Row>(
  rows: (answer: Answer) => readonly Row[],
  layout: {
    readonly id: (row: Row) => string;
    readonly columns: readonly Column<Row>[];
    readonly empty: string;
  },
): Show<Answer> => ({ kind: "table", rows, ...layout });

/** Shows the fields of an answer, or of a part of it. */
export const fields = <Answer>(
  id: (answer: Answer) => string,
  part: (answer: Answer) => unknown = (answer) => answer,
): Show<Answer> => ({ kind: "fields", fields: part, id });

/** Says in one sentence what was done. */
export const sentence = <Answer>(text: (answer: Answer, input: Input) => string): Show<Answer> => ({
  kind: "sentence",
  sentence: text,
});

/** The options of commands that list pages. */
export const PAGE: readonly CommandOption[] = [
  { flags: "--limit <count>", field: "limit", help: "how many to show", read: readCount },
  { flags: "--offset <count>", field: "offset", help: "how many to skip", read: readCount },
];

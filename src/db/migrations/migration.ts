/** One step of the schema. A released step never changes. Every later change is a new step. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

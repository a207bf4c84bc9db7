/** A step of the schema. Once released it never changes; the next change is a new one. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Which document of memory is meant. The same path can be there once for each user, and once for all. */
export interface MemoryKey {
  /** The id or the key of the agent. */
  readonly of: string;
  readonly doc: string;
  /** Absent for a document that all users share. */
  readonly owner?: string | undefined;
}

interface MemorySearch {
  readonly of?: string;
  readonly doc?: string;
  readonly owner?: string;
}

/** Reads from the URL which document is open. */
export const findMemoryKey = ({ of, doc, owner }: MemorySearch): MemoryKey | undefined =>
  of === undefined || doc === undefined ? undefined : { of, doc, owner };

/** Returns what operations on a document take. */
export const toDocumentInput = ({ of, doc, owner }: MemoryKey) => ({
  agentID: of,
  path: doc,
  ...(owner !== undefined && { user_id: owner }),
});

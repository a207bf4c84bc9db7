import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { RunnableAgent } from "#runtime/runs/index.ts";

/** The run for which a prompt is built. */
export interface PromptSubject {
  readonly agent: RunnableAgent;
  readonly userId: string;
  readonly sessionId: string;
  /** The beginning of the text of the message that the run answers. */
  readonly message: string;
  /** Returns whether the run is offered a tool. */
  readonly hasTool: (name: string) => boolean;
}

/** A part of the system prompt. */
export interface PromptSection {
  /** Unique within a source. A section replaces an earlier source's section of the same name, in its place. */
  readonly name: string;
  readonly text: string;
  /**
   * Stable sections come first and stay equal from turn to turn, so providers can cache them. Volatile sections follow
   * the cache boundary.
   */
  readonly place: "stable" | "volatile";
  /** The budget in characters. A longer text loses its middle. */
  readonly maxChars: number;
}

/** Provides sections of the system prompt, such as an agent's context files. */
export interface PromptSource {
  /** Loads the sections for a run. Every run asks, so a source answers from memory if nothing has changed. */
  load(db: TenantDatabase, subject: PromptSubject): Promise<readonly PromptSection[]>;
}

/** The sources of every run, joined. */
export const promptSource = defineService<PromptSource>("prompt-source");

/** Joins the sections of several sources, in their order. */
export const combinePromptSources = (sources: readonly PromptSource[]): PromptSource => ({
  async load(db, subject) {
    const loaded = await Promise.all(sources.map((source) => source.load(db, subject)));
    const [first = [], ...others] = loaded.filter((sections) => sections.length > 0);
    if (others.length === 0) return first;
    return [...new Map(loaded.flat().map((section) => [section.name, section])).values()];
  },
});

import type { Clock } from "#base/clock.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";
import { findDocument, findPathOfHash, listPaths } from "#features/memory/repository.ts";
import { MemoryPath } from "#features/memory/schema.ts";
import { changeDocument, MemoryBusy, MemoryTooLarge } from "#features/memory/store/change-document.ts";
import { hashOf } from "#features/memory/store/prepare-content.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";
import type { MemoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import type { ModelCaller } from "#runtime/model-calls/index.ts";
import type { NoteKeeper, SessionNotes } from "#runtime/prompt/index.ts";
import type { AgentSource, MemorySettings } from "#runtime/runs/index.ts";
import { type MemoryFile, type MemoryFiles, type MemoryFileUser, shorten, ToolError } from "#runtime/tools/index.ts";

const MEMORY_FILES = /^(?:\.\/)*(?:MEMORY\.md|memory\/.+\.md)$/;

/** What runs do with the memory of an agent. They read and write what the agent remembers for its user. */
export class AgentMemory implements NoteKeeper {
  readonly #agents: AgentSource;
  readonly #events: EventBus;
  readonly #clock: Clock;
  readonly vectors: MemoryVectors;

  constructor(agents: AgentSource, events: EventBus, vectors: MemoryVectors, clock: Clock) {
    this.#clock = clock;
    this.#agents = agents;
    this.#events = events;
    this.vectors = vectors;
  }

  /** Resolves to undefined if the agent is gone. */
  async settingsOf({ db, agentId }: Pick<MemoryFileUser, "db" | "agentId">): Promise<MemorySettings | undefined> {
    return (await this.#agents.load(db, agentId))?.memory;
  }

  viewOf({ tenantId, agentId, userId }: MemoryFileUser): MemoryView {
    return { tenantId, agentId, userId };
  }

  /** Reads a document: the user's own, or the one that all users share. */
  async read({ db, agentId, userId }: MemoryFileUser, path: string): Promise<string | undefined> {
    return (await findDocument(db.read, { agentId, userId, path: parsePath(path) }))?.content;
  }

  /** Returns the path of a document with the same content, among those that the agent may write for the user. */
  async findSame(user: MemoryFileUser, content: string): Promise<string | undefined> {
    const { agentId, db } = user;
    const userId = (await this.settingsOf(user))?.isShared ? "" : user.userId;
    return findPathOfHash(db.read, { agentId, userId, hash: hashOf(content) });
  }

  /** Changes or creates a document of the user. Searches find it at once. Throws `ToolError`. */
  async change(user: MemoryFileUser, path: string, change: (content: string | undefined) => string): Promise<void> {
    const { agentId, agentKey, db, clock } = user;
    const actor = { kind: "agent", agentKey, runId: "" } as const;
    const place = { agentId, userId: user.userId, path: parsePath(path) };
    // Where all users share what is written, an own document of the user still stands before the shared one.
    const settings = await this.settingsOf(user);
    const userId = settings?.isShared ? ((await findDocument(db.read, place))?.user_id ?? "") : user.userId;
    const author = { db, actor, events: this.#events, now: clock.now() };
    const plan = await this.vectors.planFor(db, agentId);
    await changeDocument(author, plan, { ...place, userId }, change).catch((thrown) => {
      if (thrown instanceof MemoryTooLarge) throw new ToolError(`${shorten(path)} would become too large.`);
      if (thrown instanceof MemoryBusy) throw new ToolError(`${shorten(path)} keeps changing. Try again.`);
      throw thrown;
    });
  }

  /**
   * Stores what a summary remembers, in a document of its own. Notes that begin with the same message replace earlier
   * ones, so a summary that a crash interrupted leaves nothing twice.
   */
  async keepNotes({ db, agent, userId }: ModelCaller, { text, ...beginning }: SessionNotes): Promise<void> {
    const now = this.#clock.now();
    const author = { db, actor: { kind: "agent", agentKey: agent.key, runId: "" } as const, events: this.#events, now };
    const place = { agentId: agent.id, userId: agent.memory.isShared ? "" : userId, path: notesPath(beginning) };
    await changeDocument(author, await this.vectors.planFor(db, agent.id), place, () => text);
  }

  /** Returns the documents that the file tools treat like files: MEMORY.md and those below memory/. */
  filesOf(user: MemoryFileUser): MemoryFiles {
    return {
      owns: (path) => MEMORY_FILES.test(path),
      read: (path) => this.read(user, path),
      list: (directory) => this.#list(user, directory),
      change: (path, change) => this.change(user, path, change),
    };
  }

  /** Lists what the file tools see below a directory. Other documents are no files. */
  async #list({ db, agentId, userId }: MemoryFileUser, directory: string): Promise<readonly MemoryFile[]> {
    const folder = directory.replace(/^(?:\.\/)*\.?|\/+$/g, "");
    if (folder !== "" && !`${folder}/`.startsWith("memory/")) return [];
    const below = folder === "" ? "" : `${folder}/`;
    return (await listPaths(db.read, { agentId, userId }, below)).filter(({ path }) => MEMORY_FILES.test(path));
  }
}

const HASH_CHARS = 16;

/** Returns a path that the same part of a session always has. Branches of a session have messages in common. */
const notesPath = ({ sessionId, messageId }: Omit<SessionNotes, "text">): string =>
  `memory/notes-${hashOf(`${sessionId}:${messageId}`).slice(0, HASH_CHARS)}.md`;

function parsePath(path: string): string {
  const parsed = MemoryPath.safeParse(path.replace(/^(?:\.\/)+/, ""));
  if (parsed.success) return parsed.data;
  throw new ToolError(`Cannot use ${shorten(path)}: use a relative path such as memory/tea.md.`);
}

export const agentMemory = defineService<AgentMemory>("agent-memory");

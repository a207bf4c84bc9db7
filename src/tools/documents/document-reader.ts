import { createHash } from "node:crypto";
import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { ThreadOptions } from "#base/threads/thread.ts";
import { ThreadPool, ThreadsBusy } from "#base/threads/thread-pool.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { DocumentFault } from "#tools/documents/document-error.ts";
import type { DocumentAnswer, DocumentJob } from "#tools/documents/document-worker.ts";

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startDocumentWorker = () => new Worker(new URL("./document-worker.ts", import.meta.url).href, { smol: true });

/** Agents read long documents in parts, so the texts of the last ones are kept. In characters. */
const KEPT_TEXTS = 1_000;
const KEPT_CHARS = 10_000_000;

const REASONS: Readonly<Record<DocumentFault, string>> = {
  unknown_type: "its type is none that can be read as text",
  old_office: "it is an Office file from before 2007, or protected by a password; save it as DOCX, XLSX or PPTX",
  damaged: "it is damaged",
  password: "it is protected by a password",
  scanned:
    "none of its pages has text, so they may be scans. Have its pages as images, such as PNG, and use read_image. Or have it sent to an agent whose provider takes PDFs",
  too_large: "it is too large when it is unpacked",
  no_document: "it is an archive and no Word, Excel or PowerPoint document",
};

export interface NamedDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Turns documents into text outside the event loop, within limits of time and memory. */
export class DocumentReader {
  readonly #threads: ThreadPool<DocumentJob, DocumentAnswer>;
  /** By the SHA-256 of names and contents. Equal documents have equal texts, whoever asks. */
  readonly #known = new BoundedCache<string, string>({
    max: KEPT_TEXTS,
    size: { max: KEPT_CHARS, of: ({ length }) => length },
  });

  constructor({
    start = startDocumentWorker,
    timeoutMs = LIMITS.documentTime,
    maxGrowthBytes = LIMITS.documentMemory,
  }: Partial<ThreadOptions> = {}) {
    const { documentsWaiting: maxWaiting, documentsWaitingPerTenant: maxWaitingPerTenant } = LIMITS;
    this.#threads = new ThreadPool({ start, timeoutMs, maxGrowthBytes, maxWaiting, maxWaitingPerTenant });
  }

  /** Returns the text of a document. Throws `ToolError`, which says what is wrong with the document. */
  async read({ bytes, name }: NamedDocument, tenantId: TenantId, signal: AbortSignal): Promise<string> {
    if (bytes.length > LIMITS.documentBytes) throw unreadable(`it has more than ${LIMITS.documentBytes} bytes`);
    const hash = createHash("sha256").update(`${name}\0`).update(bytes).digest("hex");
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    // The thread takes its bytes over, so it gets a copy.
    const copy = new Uint8Array(bytes).buffer;
    const answer = await this.#threads
      .run({ job: { bytes: copy, name }, tenantId, signal, moved: [copy] })
      .catch((thrown: unknown) => {
        if (thrown instanceof ThreadsBusy) throw new ToolError("Too many documents are being read now: try again.");
        throw unreadable("it takes too much time or memory");
      });
    if ("fault" in answer) throw unreadable(REASONS[answer.fault]);
    this.#known.set(hash, answer.text);
    return answer.text;
  }
}

const unreadable = (reason: string) => new ToolError(`The document cannot be read: ${reason}.`);

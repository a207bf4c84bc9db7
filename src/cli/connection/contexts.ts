import { mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { replaceFile } from "#base/files/write-file.ts";
import { isRecord, ownValue, recordOf } from "#base/json.ts";
import { CommandFailure, UsageError } from "#cli/command-errors.ts";
import type { Environment } from "#cli/terminal/terminal.ts";

/** A gateway that `goclaw login` stored. */
export interface StoredContext {
  readonly url: string;
  readonly token?: string;
  readonly user?: string;
  readonly tenant?: string;
}

interface Stored {
  /** The name of the context that commands use when they name none. */
  readonly current?: string;
  readonly contexts: Readonly<Record<string, StoredContext>>;
}

const PRIVATE_DIRECTORY = 0o700;

/** The gateways that a person has logged in to: a file that only its owner may read. */
export class Contexts {
  readonly file: string;

  constructor({ XDG_CONFIG_HOME, HOME }: Environment) {
    this.file = join(XDG_CONFIG_HOME || join(HOME || homedir(), ".config"), "goclaw", "contexts.json");
  }

  list(): readonly (StoredContext & { readonly name: string; readonly isCurrent: boolean })[] {
    const { current, contexts } = this.#read();
    return Object.entries(contexts).map(([name, stored]) => ({ ...stored, name, isCurrent: name === current }));
  }

  /** Returns the name of the current context, if there is one. */
  get current(): string | undefined {
    const { current, contexts } = this.#read();
    return current !== undefined && Object.hasOwn(contexts, current) ? current : undefined;
  }

  /** Returns a context. Throws `UsageError` if there is none of this name. */
  get(name: string): StoredContext {
    const { contexts } = this.#read();
    const context = ownValue(contexts, name);
    if (context) return context;
    const names = Object.keys(contexts);
    const known = names.length === 0 ? "goclaw login makes one" : `there are ${names.join(", ")}`;
    throw new UsageError(`there is no context ${name}: ${known}.`);
  }

  /** Stores a context and makes it the current one. */
  save(name: string, context: StoredContext): void {
    this.#write({ current: name, contexts: { ...this.#read().contexts, [name]: context } });
  }

  /** Makes a context the current one. */
  use(name: string): void {
    this.get(name);
    this.#write({ ...this.#read(), current: name });
  }

  remove(name: string): void {
    this.get(name);
    const { current, contexts } = this.#read();
    const left = Object.fromEntries(Object.entries(contexts).filter(([other]) => other !== name));
    this.#write({ ...(current !== undefined && current !== name && { current }), contexts: left });
  }

  #read(): Stored {
    const text = readText(this.file);
    if (text === undefined) return { contexts: {} };
    const content = parse(text);
    if (!isRecord(content)) throw new CommandFailure(`${this.file} is damaged: delete it, and log in again.`);
    const contexts = Object.entries(recordOf(content.contexts)).flatMap(([name, value]) => {
      const { url, token, user, tenant } = recordOf(value);
      if (typeof url !== "string") return [];
      const context: StoredContext = {
        url,
        ...(typeof token === "string" && { token }),
        ...(typeof user === "string" && { user }),
        ...(typeof tenant === "string" && { tenant }),
      };
      return [[name, context] as const];
    });
    return {
      ...(typeof content.current === "string" && { current: content.current }),
      contexts: Object.fromEntries(contexts),
    };
  }

  #write(stored: Stored): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: PRIVATE_DIRECTORY });
    replaceFile(this.file, `${JSON.stringify(stored, undefined, 2)}\n`);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CommandFailure(`${file} cannot be read (${code}).`, { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

/** Upper case first, because some letters have several lower cases, such as those of "SS" and "ß". */
const fold = (path: string): string => path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");

interface Known {
  readonly path: string;
  readonly isFolder: boolean;
  /** True if an entry has exactly this name. A folder also exists because something lies in it. */
  readonly isEntry: boolean;
}

/** The names in an archive. No two of them may become one on a file system that ignores case or normal forms. */
export class NameRegister {
  readonly #known = new Map<string, Known>();

  /** Throws `ArchiveRefusal` if the name is taken. */
  add(parts: readonly string[], isFolder: boolean): void {
    for (let depth = 1; depth < parts.length; depth++) this.#claim(parts.slice(0, depth).join("/"), true, false);
    this.#claim(parts.join("/"), isFolder, true);
  }

  #claim(path: string, isFolder: boolean, isEntry: boolean): void {
    const key = fold(path);
    const known = this.#known.get(key);
    if (known && known.path !== path) throw new ArchiveRefusal("case_collision", `${known.path}, ${path}`);
    if (known && (known.isFolder !== isFolder || (known.isEntry && isEntry))) {
      throw new ArchiveRefusal("duplicate_name", path);
    }
    if (!known || isEntry) this.#known.set(key, { path, isFolder, isEntry });
  }
}

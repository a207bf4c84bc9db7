import { XML } from "bun";
import type { OfficeFiles } from "#tools/documents/office-archive.ts";
import type { TextWriter } from "#tools/documents/text-writer.ts";

type Node = XML.Node;
type Child = Node["children"][number];

/** Writes the slides of a presentation in their order, each with its notes. */
export function writeSlides(files: OfficeFiles, writer: TextWriter): void {
  const slides = findSlides(files);
  for (const [index, path] of slides.entries()) {
    if (writer.isFull) return;
    const notes = related(files, path, "notesSlide").flatMap((notesPath) => paragraphsOf(files, notesPath));
    const text = paragraphsOf(files, path).join("\n");
    const spoken = notes.length === 0 ? "" : `\n\nNotes: ${notes.join("\n")}`;
    writer.addPart(`Slide ${index + 1} of ${slides.length}`, text + spoken);
  }
}

/** The presentation lists its slides by relation. The numbers in the names of files say nothing about the order. */
function findSlides(files: OfficeFiles): readonly string[] {
  const presentation = parse(files, "ppt/presentation.xml");
  const targets = new Map(relationsOf(files, "ppt/presentation.xml").map(({ id, target }) => [id, target]));
  const ids = elements(presentation, "sldId").map(({ attributes }) => relationId(attributes));
  return ids.flatMap((id) => targets.get(id) ?? []).filter((path) => files.has(path));
}

/** The prefix of the attribute's namespace is up to the program that wrote the file. */
const relationId = (attributes: Record<string, string>): string =>
  Object.entries(attributes).find(([name]) => name.endsWith(":id"))?.[1] ?? "";

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

function relationsOf(files: OfficeFiles, path: string): readonly Relation[] {
  const slash = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  return elements(parse(files, `${folder}/_rels/${name}.rels`), "Relationship").map(({ attributes }) => ({
    id: attributes.Id ?? "",
    type: attributes.Type ?? "",
    // A target is relative to the folder, or starts at the root of the archive.
    target: new URL(attributes.Target ?? "", `archive:/${folder}/`).pathname.slice(1),
  }));
}

const related = (files: OfficeFiles, path: string, type: string): readonly string[] =>
  relationsOf(files, path).flatMap((relation) => (relation.type.endsWith(`/${type}`) ? relation.target : []));

const paragraphsOf = (files: OfficeFiles, path: string): readonly string[] =>
  elements(parse(files, path), "p")
    .map((paragraph) => elements(paragraph, "t").map(textIn).join(""))
    .filter((text) => text.trim() !== "" && !IS_NUMBER.test(text));

/** The number of the slide, which programs put on notes pages. */
const IS_NUMBER = /^\s*\d{1,4}\s*$/;

const EMPTY: Node = { name: "", attributes: {}, children: [] };

function parse(files: OfficeFiles, path: string): Node {
  const bytes = files.get(path);
  return bytes ? XML.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""), { compact: false }) : EMPTY;
}

const isElement = (child: Child): child is Node => typeof child === "object" && "name" in child;

/** Finds elements by their names without a prefix, in document order. Does not look inside those it has found. */
function elements(root: Node, name: string): readonly Node[] {
  const found: Node[] = [];
  const waiting: Child[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isElement(next)) continue;
    if (next !== root && next.name.replace(/^.*:/, "") === name) found.push(next);
    else waiting.push(...next.children.toReversed());
  }
  return found;
}

const textIn = ({ children }: Node): string => children.filter((child) => typeof child === "string").join("");

import { expect, test } from "bun:test";
import { parseGenerated } from "#features/agents/summoning/parse-generated.ts";

const read = (answer: string) => {
  const { files, frontmatter } = parseGenerated(answer);
  return { files: Object.fromEntries(files), frontmatter };
};

test("files and frontmatter are read, whatever stands around them", () => {
  const answer = `Sure!\n<frontmatter> Helps with tea 🍵 </frontmatter>
<file name="SOUL.md">\n# Who you are\n\nBạn pha trà.\n</file>
İİ <FILE name='identity.md'>Name: Trà</FILE> Anything else?`;
  expect(read(answer)).toEqual({
    files: { "SOUL.md": "# Who you are\n\nBạn pha trà.\n", "IDENTITY.md": "Name: Trà\n" },
    frontmatter: "Helps with tea 🍵",
  });
});

test("a fence around a file is left out, and one within it stays", () => {
  expect(read('<file name="SOUL.md">```markdown\na\n```</file>').files).toEqual({ "SOUL.md": "a\n" });
  expect(read('<file name="SOUL.md">a\n```\nb\n```\nc</file>').files).toEqual({ "SOUL.md": "a\n```\nb\n```\nc\n" });
});

test.each([
  "",
  "no tags",
  '<file name="SOUL.md">never closed',
  '<file name="../../etc/passwd">x</file>',
  '<file name="AGENTS.md">x</file>',
  '<file name="SOUL.md">  </file><frontmatter></frontmatter>',
])("%j holds nothing", (answer) => {
  expect(read(answer)).toEqual({ files: {}, frontmatter: undefined });
});

test("a long file is cut, and a hostile answer is read in linear time", () => {
  expect(read(`<file name="SOUL.md">${"x".repeat(100_000)}</file>`).files["SOUL.md"]).toHaveLength(20_001);
  for (const part of ["<file name=", '<file name="SOUL.md">', "<frontmatter>", "<file ", " "])
    read(part.repeat(20_000));
});

// Types of files imported `with { type: "text" }`. The imported value is the content of the file.
declare module "#features/skills/bundled/*.md" {
  const text: string;
  export = text;
}
declare module "#features/skills/bundled/*.sh" {
  const text: string;
  export = text;
}

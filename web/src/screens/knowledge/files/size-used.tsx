import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";

/** As many levels of folders as one call lists. */
const DEEPEST = 20;

/** How many files the workspace has, and how much room they take. What is not known is left out. */
export function SizeUsed() {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const { data } = useCall("files.list", { depth: DEEPEST });
  if (!data) return null;
  const files = data.files.filter(({ isDir }) => !isDir);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const text = words.used(format.number(files.length), format.bytes(bytes));
  return <span className="tabular text-table">{data.truncated ? words.atLeast(text) : text}</span>;
}

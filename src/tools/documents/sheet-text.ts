import type { TextWriter } from "#tools/documents/text-writer.ts";

type Cell = string | number | boolean | Date | null;

/** Writes each sheet of an Excel workbook as comma-separated lines (RFC 4180). Empty lines are left out. */
export async function writeSheets(bytes: Uint8Array, writer: TextWriter): Promise<void> {
  const { default: readSheets } = await import("read-excel-file/node");
  const sheets = await readSheets(Buffer.from(bytes));
  for (const { sheet, data } of sheets) {
    if (writer.isFull) return;
    writer.addPart(`Sheet ${JSON.stringify(sheet)}`, "");
    for (const row of data) {
      if (writer.isFull) return;
      const line = row.map((cell) => toText(cell as Cell)).join(",");
      if (/[^,]/.test(line)) writer.add(`${line}\n`);
    }
  }
}

function toText(cell: Cell): string {
  const text = cell instanceof Date ? toDate(cell) : cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A cell has no time zone. Without a time of day it is a date. */
function toDate(cell: Date): string {
  if (Number.isNaN(cell.getTime())) return "";
  const text = cell.toISOString().replace(/(?:\.\d+)?Z$/, "");
  return text.endsWith("T00:00:00") ? text.slice(0, 10) : text.replace("T", " ");
}

import { z } from "zod";
import { defineTool, jsonPart, ToolError } from "#runtime/tools/index.ts";

/** Returns the current time, in UTC and in a time zone that the model chooses. */
export const datetimeTool = defineTool({
  name: "datetime",
  group: "automation",
  description: "Get the current date and time. Give an IANA time zone such as Asia/Ho_Chi_Minh for local time.",
  arguments: z.object({ timezone: z.string().max(100).optional().describe("IANA time zone; UTC when absent") }),
  effect: () => "read",
  run: async ({ clock }, { timezone = "UTC" }) => {
    const now = clock.now();
    return [jsonPart({ utc: now.toISOString(), timezone, local: formatIn(timezone, now) })];
  },
});

function formatIn(timeZone: string, date: Date): string {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "full", timeStyle: "long" }).format(date);
  } catch {
    throw new ToolError(`Unknown time zone: ${timeZone}`);
  }
}

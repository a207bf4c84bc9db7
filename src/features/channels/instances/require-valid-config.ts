import { findChannelType } from "#channels/types/channel-types.ts";
import { invalidRequest } from "#core/invalid-request.ts";

/** Throws 400 if the settings do not fit the type. The error names the fields as `config.<name>`. */
export function requireValidConfig(type: string, config: Readonly<Record<string, unknown>>): void {
  const parsed = findChannelType(type)?.config.safeParse(config);
  if (!parsed || parsed.success) return;
  for (const issue of parsed.error.issues) issue.path.unshift("config");
  throw invalidRequest(parsed.error);
}

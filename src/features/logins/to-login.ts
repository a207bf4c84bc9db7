import type { LoginsTable } from "#db/access/access-tables.ts";
import type { Login } from "#features/logins/schema.ts";

/** Converts a row to its wire form, for the browser with the login `current`. */
export function toLogin(row: LoginsTable, current: string | undefined): Login {
  const { id, user_id, api_key_id, device_id, user_agent, ip, created_at, last_used_at, expires_at } = row;
  const made_with = api_key_id !== null ? "api_key" : device_id !== null ? "device" : "gateway";
  const times = { created_at, last_used_at, expires_at };
  return { id, user_id, made_with, api_key_id, user_agent, ip, ...times, is_current: id === current };
}

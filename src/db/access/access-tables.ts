import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

/** A browser that waits for its approval (`pending`) or is paired (`approved`). `expires_at` is the end of either. */
export interface DevicesTable {
  id: string;
  tenant_id: TenantId;
  sender_hash: string;
  short_id: string;
  code: string;
  status: string;
  address: string;
  approved_by: string | null;
  approved_at: string | null;
  expires_at: string;
  created_at: string;
  updated_at: string;
}

/**
 * A link that signs a browser in (`offered`), or a browser that is signed in (`open`). It stands for an API key, or for
 * the gateway token whose mark it has.
 */
export interface LoginsTable {
  id: string;
  tenant_id: TenantId;
  secret_hash: string;
  status: string;
  api_key_id: string | null;
  device_id: string | null;
  token_mark: string | null;
  user_id: string;
  names_tenant: Bit;
  user_agent: string;
  ip: string;
  last_used_at: string;
  expires_at: string;
  created_at: string;
  updated_at: string;
}

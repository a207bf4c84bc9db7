import type { TenantId } from "#base/ids.ts";

/** A file that a user uploaded. `blob` is the id of its bytes in the blob store. It never changes. */
export interface MediaTable {
  id: string;
  tenant_id: TenantId;
  user_id: string;
  name: string;
  mime_type: string;
  blob: string;
  size: number;
  created_at: string;
}

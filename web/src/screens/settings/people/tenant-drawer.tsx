import { useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Members } from "#web/screens/settings/people/members.tsx";
import { RenameTenant } from "#web/screens/settings/people/rename-tenant.tsx";
import { TenantActions } from "#web/screens/settings/people/tenant-actions.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";

interface TenantDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One tenant: its name, its people, and what ends it. */
export function TenantDrawer({ id, onClose }: TenantDrawerProps) {
  const { settings } = useTexts();
  const words = settings.people;
  const { data: tenant, error, refetch } = useCall("tenants.get", { id });
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={tenant?.name ?? words.facts}
      {...(tenant && { footer: <TenantActions tenant={tenant} onDeleted={onClose} /> })}
    >
      {tenant ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <RenameTenant tenant={tenant} />
          <Members tenantId={tenant.id} />
        </div>
      ) : error?.code === "NOT_FOUND" ? (
        <EmptyState title={words.gone} />
      ) : error ? (
        <Refused error={error} onRetry={refetch} />
      ) : (
        <LoadingState />
      )}
    </Drawer>
  );
}

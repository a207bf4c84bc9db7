import { Building2, Check, ChevronsUpDown } from "lucide-react";
import { useAccount } from "#web/app/account.tsx";
import icon from "#web/app/icon.svg";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Menu } from "#web/ui/menu.tsx";

/** Names the tenant, and changes to another one where the caller may act in several. */
export function TenantMenu() {
  const { shell } = useTexts();
  const { onTenant } = useAccount();
  const caller = useCaller();
  const { data } = useCall("tenants.mine", {});
  const tenants = data?.tenants ?? [];
  const name = (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      <img src={icon} alt="" className="size-5" />
      <span className="truncate font-semibold">{caller.tenant_name}</span>
    </span>
  );
  if (tenants.length < 2) return <div className="flex h-9 items-center px-1">{name}</div>;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={shell.changeTenant(caller.tenant_name)}
          className="flex h-9 w-full items-center rounded-md px-1 text-left hover:bg-hover"
        >
          {name}
          <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
        </button>
      }
      items={tenants.map(({ id, name, slug }) => ({
        label: name,
        icon: id === caller.tenant_id ? Check : Building2,
        onSelect: () => onTenant(slug),
      }))}
    />
  );
}

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { CreateKey } from "#web/screens/settings/keys/create-key.tsx";
import { CreatedKey } from "#web/screens/settings/keys/created-key.tsx";
import { type ApiKey, isOfSystem, stateOfKey } from "#web/screens/settings/keys/key-state.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

const TONES = { active: "good", revoked: "idle", expired: "careful" } as const;

const columnsOf = (words: Texts["settings"]["keys"]): readonly Column<ApiKey>[] => [
  {
    key: "name",
    header: words.name,
    width: "minmax(0, 2fr)",
    cell: (key) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{key.name}</span>
        {isOfSystem(key) && <Badge tone="careful">{words.everyTenant}</Badge>}
      </span>
    ),
  },
  {
    key: "masked",
    header: words.key,
    width: "11rem",
    cell: ({ masked }) => <span className="font-mono text-code">{masked}</span>,
    hideOnPhone: true,
  },
  {
    key: "scopes",
    header: words.scopes,
    width: "minmax(0, 1.5fr)",
    cell: ({ scopes }) => scopes.map((scope) => words.scopeNames[scope]).join(", "),
    hideOnPhone: true,
  },
  {
    key: "owner",
    header: words.owner,
    cell: ({ owner_id }) => owner_id ?? <span className="text-soft">{words.anyone}</span>,
    hideOnPhone: true,
  },
  {
    key: "used",
    header: words.lastUsed,
    width: "8rem",
    cell: ({ last_used_at }) =>
      last_used_at === null ? <span className="text-soft">{words.never}</span> : <TimeText iso={last_used_at} />,
    hideOnPhone: true,
  },
  {
    key: "expires",
    header: words.expires,
    width: "8rem",
    cell: ({ expires_at }) =>
      expires_at === null ? <span className="text-soft">{words.never}</span> : <TimeText iso={expires_at} />,
    hideOnPhone: true,
  },
  {
    key: "state",
    header: words.state,
    width: "7rem",
    cell: (key) => <Status tone={TONES[stateOfKey(key)]}>{words.states[stateOfKey(key)]}</Status>,
  },
];

const keyOf = ({ id }: ApiKey) => id;

/** The keys with which programs call the gateway. A new one is shown once. */
export function KeysTab() {
  const { settings } = useTexts();
  const words = settings.keys;
  const toast = useToast();
  const { q = "", show = "active" } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const keys = useCall("api_keys.list", {});
  const revoke = useAction("api_keys.revoke");
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<OutputOf<"api_keys.create">>();
  const [chosen, setChosen] = useState<ApiKey>();
  const columns = useMemo(() => columnsOf(words), [words]);
  const rows = useMemo(() => {
    const sought = q.trim().toLowerCase();
    return (keys.data ?? []).filter(
      (key) =>
        (show === "all" || stateOfKey(key) === "active") &&
        [key.name, key.masked, key.owner_id ?? "", key.created_by].some((text) => text.toLowerCase().includes(sought)),
    );
  }, [keys.data, q, show]);
  const filter = (change: { readonly q?: string; readonly show?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const createButton = (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.create}
    </Button>
  );

  return (
    <>
      <Answered query={keys}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.empty} hint={words.emptyHint} action={createButton} />
          ) : (
            <>
              <Toolbar end={createButton}>
                <SearchInput value={q} onChange={(q) => filter({ q })} placeholder={words.search} shortcut="/" />
                <Segments
                  aria-label={words.state}
                  value={show}
                  onValueChange={(show) => filter({ show })}
                  options={[
                    { value: "active", label: words.shown.active },
                    { value: "all", label: words.shown.all },
                  ]}
                />
              </Toolbar>
              {rows.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <DataTable
                  rows={rows}
                  columns={columns}
                  rowKey={keyOf}
                  label={settings.tabs.keys}
                  actionsWidth="5rem"
                  rowActions={(key) =>
                    stateOfKey(key) === "active" && (
                      <Button size="sm" variant="ghost" onClick={() => setChosen(key)}>
                        {words.revoke}
                      </Button>
                    )
                  }
                />
              )}
            </>
          )
        }
      </Answered>
      {isCreating && (
        <CreateKey
          onClose={() => setIsCreating(false)}
          onCreated={(key) => {
            setIsCreating(false);
            setCreated(key);
          }}
        />
      )}
      {created && <CreatedKey created={created} onClose={() => setCreated(undefined)} />}
      <ConfirmDialog
        isOpen={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={words.revokeTitle(chosen?.name ?? "")}
        loses={words.revokeLoses}
        name={chosen?.name ?? ""}
        action={words.revoke}
        onConfirm={async () => {
          if (!chosen) return;
          await revoke.mutateAsync({ id: chosen.id });
          toast({ tone: "good", title: words.revoked(chosen.name) });
        }}
      />
    </>
  );
}

import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import type { InputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Avatar } from "#web/ui/avatar.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Role = InputOf<"tenants.users.set">["role"];

const ROLES: readonly Role[] = ["owner", "admin", "operator", "member", "viewer"];
/** How high a member is, and how many are seen at once. */
const ROW = 48;
const SEEN = 8;

/** The people of a tenant and what each may do. A change can be undone. */
export function Members({ tenantId }: { readonly tenantId: string }) {
  const { settings } = useTexts();
  const words = settings.people;
  const toast = useToast();
  const users = useCall("tenants.users.list", { id: tenantId });
  const setRole = useAction("tenants.users.set");
  const removeUser = useAction("tenants.users.remove");
  const onError = ({ message }: Error) => toast({ tone: "bad", title: message });

  function set(user_id: string, role: Role, before?: Role) {
    const undo = before && (() => set(user_id, before));
    const title = words.changed(user_id, words.roles[role]);
    setRole.mutate(
      { id: tenantId, user_id, role },
      { onSuccess: () => toast({ tone: "good", title, ...(undo && { undo }) }), onError },
    );
  }
  function remove(user_id: string, role: Role) {
    removeUser.mutate(
      { id: tenantId, userID: user_id },
      { onSuccess: () => toast({ title: words.removed(user_id), undo: () => set(user_id, role) }), onError },
    );
  }

  return (
    <Section title={words.members}>
      <Answered query={users}>
        {({ users: members }) =>
          members.length === 0 ? (
            <p className="text-soft">{words.noMembers}</p>
          ) : (
            <div style={{ height: Math.min(members.length, SEEN) * ROW }}>
              <VirtualList
                items={members}
                itemKey={({ user_id }) => user_id}
                label={words.members}
                estimate={ROW}
                className="h-full"
                render={({ user_id, role }) => (
                  <div className="flex h-12 items-center gap-2">
                    <Avatar name={user_id} size="sm" />
                    <span className="min-w-0 flex-1 truncate">{user_id}</span>
                    <Select
                      aria-label={`${words.role}: ${user_id}`}
                      value={role}
                      onValueChange={(next) => set(user_id, next as Role, role)}
                      options={ROLES.map((name) => ({ value: name, label: words.roles[name] }))}
                      className="w-36"
                    />
                    <IconButton label={words.remove(user_id)} icon={X} onClick={() => remove(user_id, role)} />
                  </div>
                )}
              />
            </div>
          )
        }
      </Answered>
      <AddMember tenantId={tenantId} />
    </Section>
  );
}

function AddMember({ tenantId }: { readonly tenantId: string }) {
  const { settings } = useTexts();
  const words = settings.people;
  const toast = useToast();
  const add = useAction("tenants.users.set");
  const [role, setRole] = useState<Role>("operator");
  const { register, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { user_id: "" },
    async send({ user_id }) {
      await add.mutateAsync({ id: tenantId, user_id, role });
      reset();
      toast({ tone: "good", title: words.added(user_id) });
    },
  });
  const error = errorOf("user_id") ?? refusal;
  return (
    <form onSubmit={onSubmit} className="grid gap-2">
      {error && <Callout tone="bad">{error}</Callout>}
      <div className="flex flex-wrap gap-2">
        <TextInput
          {...register("user_id")}
          aria-label={words.person}
          placeholder={words.personHint}
          autoComplete="off"
          spellCheck={false}
          className="min-w-0 flex-1 basis-40"
        />
        <Select
          aria-label={words.role}
          value={role}
          onValueChange={(next) => setRole(next as Role)}
          options={ROLES.map((name) => ({ value: name, label: words.roles[name] }))}
          className="w-36"
        />
        <Button type="submit" icon={UserPlus} isBusy={add.isPending}>
          {words.add}
        </Button>
      </div>
    </form>
  );
}

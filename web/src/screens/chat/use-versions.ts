import { useCallback } from "react";
import type { Version } from "#web/chat/transcript/person-turn.tsx";
import type { PersonItem } from "#web/chat/transcript/to-items.ts";
import { useCall } from "#web/live/use-call.ts";

/** Finds what was said instead of a message. Each version is a session of its own, which `openSession` opens. */
export function useVersions(
  sessionKey: string | undefined,
  openSession: (sessionKey: string) => Promise<void>,
): (item: PersonItem) => Version | undefined {
  const isEnabled = sessionKey !== undefined;
  const { data } = useCall("sessions.branches", { key: sessionKey ?? "" }, { isEnabled });
  return useCallback(
    ({ messageId, parentId }) => {
      const branch = data?.branches.find(({ parent_id }) => parent_id === parentId);
      const index = branch?.versions.findIndex(({ message_id }) => message_id === messageId) ?? -1;
      if (!branch || index === -1) return undefined;
      const open = (place: number) => {
        const version = branch.versions[place - 1];
        if (version) void openSession(version.session_key);
      };
      return { place: index + 1, count: branch.versions.length, open };
    },
    [data, openSession],
  );
}

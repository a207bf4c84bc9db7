import { createContext, type ReactNode, useContext, useRef } from "react";

/** What people wrote and did not send yet, by where they wrote it. */
export interface Drafts {
  get(place: string): string;
  set(place: string, text: string): void;
}

const DraftsContext = createContext<Drafts | undefined>(undefined);

/** Keeps drafts while other conversations are open, and while a person has to sign in again. Only memory holds them. */
export function DraftsProvider({ children }: { readonly children: ReactNode }) {
  const texts = useRef(new Map<string, string>());
  const drafts = useRef<Drafts>({
    get: (place) => texts.current.get(place) ?? "",
    set(place, text) {
      if (text === "") texts.current.delete(place);
      else texts.current.set(place, text);
    },
  });
  return <DraftsContext value={drafts.current}>{children}</DraftsContext>;
}

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (!drafts) throw new Error("there is no DraftsProvider above");
  return drafts;
}

import { createContext, useContext } from "react";

/** What the frame around the screens knows of the person's account. */
export interface Account {
  /** False while the socket is being opened again. */
  readonly isOpen: boolean;
  /** The chosen tenant, or "" for that of the credential. */
  readonly tenant: string;
  readonly onTenant: (tenant: string) => void;
  readonly onSignOut: () => Promise<void>;
}

const AccountContext = createContext<Account | undefined>(undefined);
export const AccountProvider = AccountContext.Provider;

export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error("there is no AccountProvider above");
  return account;
}

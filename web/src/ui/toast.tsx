import { X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { ToneIcon } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

const DURATION = 5_000;
/** More at once would hide the page. */
const MOST = 3;

export interface ToastOptions {
  readonly tone?: Tone;
  readonly title: string;
  readonly text?: string;
  readonly undo?: () => void;
}

type ShowToast = (options: ToastOptions) => void;

const ToastContext = createContext<ShowToast | undefined>(undefined);

/** Use to say that something happened that the page does not show by itself. */
export function useToast(): ShowToast {
  const show = useContext(ToastContext);
  if (!show) throw new Error("there is no ToastProvider above");
  return show;
}

/** Use once, around the whole application: shows the toasts of everything below it. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const texts = useTexts().ui;
  const [toasts, setToasts] = useState<readonly (ToastOptions & { readonly id: number })[]>([]);
  const lastId = useRef(0);
  const show = useCallback((options: ToastOptions) => {
    lastId.current += 1;
    const id = lastId.current;
    setToasts((shown) => [...shown, { ...options, id }].slice(-MOST));
  }, []);

  return (
    <ToastContext value={show}>
      <Primitive.Provider duration={DURATION} label={texts.notice} swipeDirection="right">
        {children}
        {toasts.map(({ id, tone = "idle", title, text, undo }) => (
          <Primitive.Root
            key={id}
            type="background"
            onOpenChange={(isOpen) => !isOpen && setToasts((shown) => shown.filter((toast) => toast.id !== id))}
            className="pointer-events-auto flex w-full animate-rise items-start gap-3 rounded-lg border border-line bg-raised p-3 shadow-float"
          >
            {tone !== "idle" && <ToneIcon tone={tone} className="mt-[3px]" />}
            <div className="min-w-0 flex-1">
              <Primitive.Title className="break-words font-medium">{title}</Primitive.Title>
              {text && <Primitive.Description className="break-words text-soft">{text}</Primitive.Description>}
            </div>
            {undo && (
              <Primitive.Action altText={texts.undo} asChild>
                <Button size="sm" className="-my-1" onClick={undo}>
                  {texts.undo}
                </Button>
              </Primitive.Action>
            )}
            <Primitive.Close asChild>
              <IconButton label={texts.close} icon={X} size="sm" className="-my-1 -mr-1" />
            </Primitive.Close>
          </Primitive.Root>
        ))}
        {/* Dialogs hide everything else from screen readers but what is live, and a toast must stay in reach. */}
        <Primitive.Viewport
          aria-live="off"
          className="fixed right-0 bottom-0 z-50 m-0 flex w-96 max-w-full list-none flex-col gap-2 p-4 empty:hidden"
        />
      </Primitive.Provider>
    </ToastContext>
  );
}

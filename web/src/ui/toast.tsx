import { X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Kbd } from "#web/ui/badge.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { useFreeFocus } from "#web/ui/hooks/use-free-focus.ts";
import { ToneIcon } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

const DURATION = 5_000;
/** Time to decide whether it was a mistake. */
const UNDO_DURATION = 10_000;
/** Takes the focus to the toasts from anywhere. */
const KEY = "F8";
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
  const viewport = useRef<HTMLOListElement>(null);
  const giveBackFocus = useFreeFocus(viewport);
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
            duration={undo ? UNDO_DURATION : DURATION}
            onOpenChange={(isOpen) => {
              if (isOpen) return;
              setToasts((shown) => shown.filter((toast) => toast.id !== id));
              giveBackFocus();
            }}
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
                  <span aria-hidden className="ml-1">
                    <Kbd>{KEY}</Kbd>
                  </span>
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
          ref={viewport}
          aria-live="off"
          hotkey={[KEY]}
          onFocus={({ target, currentTarget }) => {
            if (target === currentTarget) currentTarget.querySelector<HTMLElement>("li:last-child button")?.focus();
          }}
          // At the lower edge it would lie on what people write or save.
          className="fixed inset-x-0 top-0 z-50 m-0 mx-auto flex w-96 max-w-full list-none flex-col gap-2 p-3 outline-none empty:hidden"
        />
      </Primitive.Provider>
    </ToastContext>
  );
}

import { type ReactNode, useEffect, useRef } from "react";

/** Says something new where it may be out of sight: it is scrolled to and read out. */
export function Revealed({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What it returns is a promise in newer browsers, which must not become the effect's cleanup.
    void box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={box} role="status" className="grid scroll-m-4 gap-2">
      {children}
    </div>
  );
}

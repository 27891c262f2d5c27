// The quality of a tag's value in words, painted as the value is.

import { useEffect, useRef } from "react";
import { live, USABLE } from "../../../live/store";
import { doubt } from "../../../parts/value";
import { w } from "./words";

export function Quality({ n }: { n: number }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const paint = () => {
      const span = place.current;
      if (!span) return;
      const why = doubt(n);
      // What was there and may not be used is trouble; what is uncertain by nature, or is yet to come, is none.
      const isTrouble = why !== "" && Number.isFinite(live.time(n)) && live.quality(n) < USABLE;
      const said = isTrouble ? `✗ ${why}` : why || w.good();
      if (span.textContent !== said) span.textContent = said;
      span.className = isTrouble ? "high" : why ? "" : "faint";
    };
    paint();
    return live.watch(n, paint);
  }, [n]);
  return <span ref={place} />;
}

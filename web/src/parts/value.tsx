// The live value of a tag, painted past React: a page may hold a thousand of them.

import { useEffect, useRef } from "react";
import type { Tag } from "../api/client";
import { GOOD, live, USABLE } from "../live/store";
import { atResolution, NONE, unit } from "../text/lang";
import { w } from "./words";

const SILENT = 0x18;

/** Why a value is not simply good; empty for one that is. */
export function doubt(n: number): string {
  const quality = live.quality(n);
  if (!Number.isFinite(live.time(n))) return w.noValue();
  if (quality === SILENT) return w.silent();
  if (quality < USABLE) return w.bad();
  return quality < GOOD ? w.uncertain() : "";
}

interface Props {
  tag: Tag;
  /** Whether its unit stands behind it. */
  withUnit?: boolean;
}

export function Value({ tag, withUnit = true }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const paint = () => {
      const span = place.current;
      if (!span) return;
      const value = live.value(tag.n);
      const said = Number.isFinite(value) ? atResolution(value, tag.resolution) : NONE;
      if (span.textContent !== said) span.textContent = said;
      const why = doubt(tag.n);
      // What must not be used is struck through; what is only uncertain, such as an estimate, is marked and stays readable.
      const isUsable = live.quality(tag.n) >= USABLE;
      span.classList.toggle("stale", why !== "" && !isUsable);
      span.classList.toggle("uncertain", why !== "" && isUsable);
      span.title = why;
    };
    paint();
    return live.watch(tag.n, paint);
  }, [tag]);
  return (
    <span className="number">
      <span ref={place} className="value" />
      {withUnit && unit(tag.unit) ? <span className="faint small"> {unit(tag.unit)}</span> : null}
    </span>
  );
}

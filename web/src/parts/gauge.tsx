// A level against what it may be: a bar with its normal band, instead of a bare number.

import { useEffect, useRef } from "react";
import type { Tag } from "../api/client";
import { live } from "../live/store";

interface Props {
  tag: Tag;
  low: number;
  high: number;
  /** The band in which it usually is. */
  band: [number, number];
  target?: number;
  label: string;
}

export function Gauge({ tag, low, high, band, target, label }: Props) {
  const bar = useRef<SVGRectElement>(null);
  const place = (value: number) => Math.max(0, Math.min(100, (100 * (value - low)) / (high - low)));
  useEffect(() => {
    const paint = () => {
      const value = live.usable(tag.n);
      const share = Number.isFinite(value) ? Math.max(0, Math.min(1, (value - low) / (high - low))) : 0;
      bar.current?.setAttribute("width", String(100 * share));
      bar.current?.classList.toggle("out", value < band[0] || value > band[1]);
    };
    paint();
    return live.watch(tag.n, paint);
  }, [tag, low, high, band]);
  return (
    <svg className="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="ground" width="100" height="8" />
      <rect className="band" x={place(band[0])} width={place(band[1]) - place(band[0])} height="8" />
      <rect ref={bar} className="bar" y="2" width="0" height="4" />
      {target !== undefined && <rect className="target" x={place(target) - 0.4} width="0.8" height="8" />}
    </svg>
  );
}

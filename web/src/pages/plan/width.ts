// The width that a drawing has, so that letters stay as large as everywhere.

import { useEffect, useState } from "react";

/** The least width of a drawing: that of a small telephone. */
export const LEAST = 300;

/** Give the first to the element as its `ref`; it may come and go. */
export function useWidth(least: number): [(element: HTMLElement | null) => void, number] {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(least);
  useEffect(() => {
    if (!place) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(least, Math.floor(entry!.contentRect.width))));
    observer.observe(place);
    return () => observer.disconnect();
  }, [place, least]);
  return [setPlace, width];
}

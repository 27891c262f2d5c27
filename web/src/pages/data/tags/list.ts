// Which tags are listed, and in which order.

import type { Tag } from "../../../api/client";

/** What begins the address of a source: how its values come. */
export const kindOf = (tag: Tag): string => tag.source.split(":", 1)[0] ?? "";

/** The address behind that, for those who look after the source. */
export const addressOf = (tag: Tag): string => tag.source.slice(kindOf(tag).length + 1);

export interface Wish {
  /** Words that must all be in the id or a name, in either language. */
  wanted: string;
  /** A kind of source; empty for all. */
  kind: string;
  /** Keeps those of which this says why their value is not good. */
  doubt?: (n: number) => string;
}

export function chosen(tags: readonly Tag[], { wanted, kind, doubt }: Wish): Tag[] {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return tags.filter((tag) => {
    if (kind && kindOf(tag) !== kind) return false;
    const said = `${tag.id} ${tag.name.en} ${tag.name.zh}`.toLowerCase();
    return parts.every((part) => said.includes(part)) && (!doubt || doubt(tag.n) !== "");
  });
}

export const ORDERS = ["tag", "source", "period"] as const;
export type Order = (typeof ORDERS)[number];

/** Sorted anew; `name` is the name in the page's language. */
export function sorted(tags: readonly Tag[], order: Order, name: (tag: Tag) => string): Tag[] {
  // One collator for all: comparing by locale one by one takes a second for ten thousand.
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const keys = new Map(tags.map((tag) => [tag, order === "source" ? tag.source : name(tag)]));
  return [...tags].sort((a, b) => (order === "period" ? a.period_s - b.period_s : 0) || compare(keys.get(a)!, keys.get(b)!) || a.n - b.n);
}

/** A page of rows; one past the end is the last. */
export function pageOf<T>(rows: readonly T[], page: number, size: number): { rows: T[]; page: number; last: number } {
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const at = Math.min(Math.max(0, page), last);
  return { rows: rows.slice(at * size, (at + 1) * size), page: at, last };
}

// Which acts are shown, and what their details say.

import type { Schema } from "../../../api/client";

export type Act = Schema["ActView"];

export const CATEGORIES = ["access", "control", "configuration", "runs", "estimates", "backup", "demo", "error"] as const;
export type Category = (typeof CATEGORIES)[number];

/** Acts of a category (all if empty) with all words in them. */
export function shown(acts: readonly Act[], category: string, wanted: string): Act[] {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return acts.filter((act) => {
    const text = `${act.who} ${act.action} ${act.object} ${act.detail}`.toLowerCase();
    return (!category || act.category === category) && parts.every((part) => text.includes(part));
  });
}

/** Further acts behind those that are known, each once. */
export function joined(known: readonly Act[], more: readonly Act[]): Act[] {
  const all = new Map([...known, ...more].map((act) => [act.sequence, act]));
  return [...all.values()].sort((a, b) => b.sequence - a.sequence);
}

/** A detail as `name: value` pairs; what is no object is left as it is. */
export function detailOf(act: Act): string {
  try {
    const detail: unknown = JSON.parse(act.detail);
    if (typeof detail !== "object" || detail === null) return act.detail;
    const plain = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
    return Object.entries(detail)
      .map(([name, value]) => `${name}: ${plain(value)}`)
      .join(", ");
  } catch {
    return act.detail;
  }
}

// What waits on the desk, and what comes from the laboratory.

import type { Schema, Tag } from "../../../api/client";

export type Analysis = Schema["AnalysisView"];

export type State = "open" | "accepted" | "rejected" | "fits";

export function stateOf({ doubted, decision }: Analysis): State {
  if (!doubted) return "fits";
  if (!decision) return "open";
  return decision.accepted ? "accepted" : "rejected";
}

/** Those that wait for a decision first, then the latest first. */
export function inOrder(analyses: readonly Analysis[]): Analysis[] {
  const rank = (analysis: Analysis) => (stateOf(analysis) === "open" ? 0 : 1);
  return [...analyses].sort((a, b) => rank(a) - rank(b) || b.time_ms - a.time_ms || a.asset.localeCompare(b.asset));
}

/** Name of an analysis within a page's address. */
export const keyOf = ({ asset, time_ms }: Analysis): string => `${asset}@${time_ms}`;

/** Tags that the laboratory fills, by asset. */
export function byLaboratory(byAsset: ReadonlyMap<string, Tag[]>): Map<string, Tag[]> {
  const own = [...byAsset].map(([asset, tags]) => [asset, tags.filter((tag) => tag.source === "lab")] as const);
  return new Map(own.filter(([, tags]) => tags.length > 0));
}

const HOUR_MS = 3_600_000;

/** What a field for date and time holds, `2027-06-01T08:30`, at a place so many hours ahead of UTC. */
export const toField = (ms: number, offsetH: number): string => new Date(ms + offsetH * HOUR_MS).toISOString().slice(0, 16);

/** The instant that such a field names; NaN for none. */
export const fromField = (field: string, offsetH: number): number => (/T\d\d:\d\d/.test(field) ? Date.parse(`${field}Z`) - offsetH * HOUR_MS : Number.NaN);

/** The figures that were filled in. */
export function figuresOf(tags: readonly Tag[], figure: (id: string) => string): Schema["EnteredFigure"][] {
  const filled = tags.map((tag) => [tag.id, figure(tag.id).trim()] as const).filter(([, said]) => said !== "");
  return filled.map(([tag, said]) => ({ tag, value: Number(said) }));
}

// Counts of the server as rows of a table.

import type { Schema } from "../../../api/client";

export type System = Schema["SystemView"];

/** Codes of samples that were turned away, the most frequent first; what never happened is left out. */
export function refusals(refused: System["refused"]): [code: string, count: number][] {
  const counted = Object.entries(refused as Record<string, number>).filter(([, count]) => count > 0);
  return counted.sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
}

export const megabytes = (bytes: number): number => bytes / 1e6;

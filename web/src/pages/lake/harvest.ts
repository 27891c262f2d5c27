// When a pond is harvested next, by the campaigns of each year that its base has.

import type { Schema } from "../../api/client";

type Harvest = Schema["HarvestView"];

const DAY_MS = 86_400_000;

export interface Next {
  /** Days until it begins; zero while it runs. */
  in_d: number;
  /** Days that are left of it, this one included, while it runs. */
  left_d: number;
}

/** The campaign that runs, or the next one to come; null where there is none. `now_ms` and the campaigns' days are of the same zone. */
export function nextHarvest(harvests: readonly Harvest[], pond: string, now_ms: number, utc_offset_h: number): Next | null {
  const local = new Date(now_ms + utc_offset_h * 3_600_000);
  const today = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  const all = harvests
    .filter((harvest) => harvest.pond === pond)
    .flatMap(({ month, day, days }) =>
      // One that began last year may still run.
      [-1, 0, 1].map((year): Next & { end: number } => {
        const from = Date.UTC(local.getUTCFullYear() + year, month - 1, day);
        const end = from + days * DAY_MS;
        return { in_d: Math.max(0, Math.round((from - today) / DAY_MS)), left_d: from <= today ? Math.round((end - today) / DAY_MS) : 0, end };
      }),
    )
    .filter(({ end }) => end > today)
    .sort((a, b) => a.in_d - b.in_d);
  const first = all[0];
  return first ? { in_d: first.in_d, left_d: first.left_d } : null;
}

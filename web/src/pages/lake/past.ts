// What a measure was on the days before: one trend a pond, by the day.

import { answered, api } from "../../api/client";
import type { Park } from "../../session";
import type { Measure } from "./measure";

export const DAY_MS = 86_400_000;
/** How far the slider goes back. */
export const DAYS = 90;

/** Values by pond of each day back from `now_ms`: `[0]` is the last day; NaN where nothing was known. */
export async function past(park: Park, measure: Measure, now_ms: number): Promise<Map<string, number>[]> {
  const days = Array.from({ length: DAYS }, () => new Map<string, number>());
  const from = now_ms - DAYS * DAY_MS;
  const one = async (pond: Park["base"]["ponds"][number]) => {
    const tag = measure.tag?.(park, pond);
    if (!tag) return;
    const query = { from: String(from), to: String(now_ms), buckets: DAYS };
    const trend = await answered(api.GET("/api/tags/{id}/trend", { params: { path: { id: tag.id }, query } }));
    let known = Number.NaN;
    let next = 0;
    for (let day = DAYS - 1; day >= 0; day--) {
      const end = now_ms - day * DAY_MS;
      // Analyses are weekly: what was known last holds.
      while (next < trend.start_ms.length && trend.start_ms[next]! < end) {
        known = trend.mean[next] ?? known;
        next += 1;
      }
      days[day]!.set(pond.id, known);
    }
  };
  await Promise.all(park.base.ponds.map(one));
  return days;
}

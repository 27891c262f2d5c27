// Columns of a run's series and trends of tags, laid on the steps of a plan.

import type { Schema } from "../../api/client";
import { instant } from "./moments";

type Series = Schema["RunSeriesView"];
type Course = (number | null)[];

/** A column of numbers at the steps of `times`; null where it has none. Of several rows of a time the last counts. */
export function onSteps(series: Series, name: string, times: string[]): Course {
  const at = series.columns.find((column) => column.name === "time")?.texts ?? [];
  const values = series.columns.find((column) => column.name === name)?.numbers ?? [];
  const known = new Map(at.map((time, row) => [time, values[row] ?? null]));
  return times.map((time) => known.get(time) ?? null);
}

/** A trend of a tag, as the server tells it. */
type Trend = Pick<Schema["Trend"], "start_ms" | "mean" | "count">;

/** Means of a trend over each step, by how many values each of its buckets has; a bucket counts where its middle lies. */
export function meansOnSteps(trend: Trend, times: string[], stepMin: number, offsetH: number, scale = 1): Course {
  const first = times[0] ? instant(times[0], offsetH) : 0;
  const sums = times.map(() => 0);
  const counts = times.map(() => 0);
  const half = ((trend.start_ms[1] ?? trend.start_ms[0] ?? 0) - (trend.start_ms[0] ?? 0)) / 2;
  trend.start_ms.forEach((start, i) => {
    const step = Math.floor((start + half - first) / (stepMin * 60_000));
    const [mean, count] = [trend.mean[i], trend.count[i] ?? 0];
    if (mean == null || step < 0 || step >= times.length) return;
    sums[step]! += mean * count;
    counts[step]! += count;
  });
  return sums.map((sum, step) => (counts[step]! > 0 ? (sum / counts[step]!) * scale : null));
}

/** MW in a unit of power. */
export const MW_IN: Record<string, number> = { MW: 1, kW: 1e-3, W: 1e-6, GW: 1e3 };

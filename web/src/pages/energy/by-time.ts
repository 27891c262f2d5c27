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

/** How good forecasts of a series were over all hours ahead. */
export interface Score {
  rmse_mw: number;
  /** Share of what came within the band of 80 %, %. */
  within: number;
  /** How much less they err than persistence, %. */
  skill: number;
}

/** The score over all leads: the row whose lead is blank. */
export function overall(series: Series): Score | null {
  const of = (name: string) => series.columns.find((column) => column.name === name)?.numbers ?? [];
  const row = of("lead").findIndex((lead) => lead == null);
  const [rmse_mw, within, skill] = ["rmse", "within_80", "skill_persistence"].map((name) => of(name)[row]);
  return rmse_mw == null || within == null || skill == null ? null : { rmse_mw, within, skill };
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

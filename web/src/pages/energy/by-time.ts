// Columns of a run's series and trends of tags, laid on the steps of a plan.

import type { Schema } from "../../api/client";
import { numbers, texts, type Series } from "../../api/runs";
import { instant } from "./moments";

type Course = (number | null)[];

const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** A column of numbers at the steps of `times`; null where it has none. Of several rows of a time the last counts. */
export function onSteps(series: Series, name: string, times: string[]): Course {
  const values = numbers(series, name);
  const known = new Map(texts(series, "time").map((time, row) => [time, orNull(values[row])]));
  return times.map((time) => known.get(time) ?? null);
}

/** How good forecasts of a series were over all hours ahead. */
export interface Score {
  rmse_mw: number;
  /** Share of what came within the band of 80 %, %. */
  within: number;
  /** How much less they err than persistence, %; null where persistence does not err. */
  skill: number | null;
}

/** The score over all leads: the row whose lead is blank. */
export function overall(series: Series): Score | null {
  const row = numbers(series, "lead").findIndex(Number.isNaN);
  const [rmse_mw, within, skill] = ["rmse", "within_80", "skill_persistence"].map((name) => orNull(numbers(series, name)[row]));
  return rmse_mw == null || within == null ? null : { rmse_mw, within, skill: skill ?? null };
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

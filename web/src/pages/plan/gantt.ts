// The rows of a Gantt chart: harvests, then flows, then plants; each with what it does and when.

import type { Schema } from "../../api/client";
import type { Sentence } from "../../text/lang";
import { dayOf } from "./time";

export type Plan = Schema["ProductionView"];
export type Of = "harvest" | "flow" | "plant";

export interface Bar {
  key: string;
  from: string;
  to: string;
  /** t, m³ or a load. */
  amount: number;
  unit: string;
}

export interface Row {
  of: Of;
  id: string;
  name: Sentence;
  bars: Bar[];
}

/** A stretch of a harvest moved by days. */
export interface Move {
  id: string;
  from: string;
  to: string;
  days: number;
}

const same = (a: Row, of: Of, id: string): boolean => a.of === of && a.id === id;

/** Rows in the order in which brine becomes a product; what the plan was asked about and does not do has a row without bars. */
export function rowsOf(plan: Plan, names: ReadonlyMap<string, Sentence> = new Map()): Row[] {
  const named = (id: string): Sentence => names.get(id) ?? { en: id, zh: id };
  const rows: Row[] = [];
  const row = (of: Of, id: string, name: Sentence): Row => {
    let found = rows.find((one) => same(one, of, id));
    if (!found) rows.push((found = { of, id, name, bars: [] }));
    return found;
  };
  const asked = (of: Of) => new Set(plan.undone.filter((one) => one.of === of).map((one) => one.id));
  const harvests = asked("harvest");
  for (const harvest of plan.harvests) if (harvests.has(harvest.id)) row("harvest", harvest.id, harvest.name);
  for (const bar of plan.bars.filter((one) => one.of === "harvest")) add(row("harvest", bar.id, bar.name), bar);
  for (const bar of plan.bars.filter((one) => one.of === "flow")) add(row("flow", bar.id, bar.name), bar);
  for (const id of asked("flow")) row("flow", id, named(id));
  for (const load of plan.loads) add(row("plant", load.id, load.name), { ...load, amount: load.load, unit: "1" });
  for (const id of asked("plant")) row("plant", id, named(id));
  return rows;
}

interface Given {
  id: string;
  from: string;
  to: string;
  amount: number;
  unit: string;
}

function add(row: Row, { id, from, to, amount, unit }: Given): void {
  const key = `${id} ${from}`;
  // A link that two choices share is drawn once.
  if (!row.bars.some((bar) => bar.key === key)) row.bars.push({ key, from, to, amount, unit });
}

/** The days by which a bar may be moved and stays within the plan. */
export function room(plan: Plan, bar: Bar): [earliest: number, latest: number] {
  return [dayOf(plan.from) - dayOf(bar.from), dayOf(plan.to) - dayOf(bar.to)];
}

export const within = (days: number, [low, high]: [number, number]): number => Math.max(low, Math.min(high, Math.round(days)));

const isOf = (move: Move, id: string, from: string): boolean => move.id === id && move.from === from;

/** How a bar is moved, if it is. */
export const moveOf = (moves: readonly Move[], id: string, bar: Bar): Move | undefined => moves.find((one) => isOf(one, id, bar.from));

/** The moves after one more; one that ends where it began is none. */
export function moved(moves: readonly Move[], move: Move): Move[] {
  const others = moves.filter((one) => !isOf(one, move.id, move.from));
  return move.days === 0 ? others : [...others, move];
}

/** A name for a run with harvests moved that is not taken, of the letters that a run's name may have. */
export function nameOf(plan: string, moves: readonly Move[], taken: readonly string[]): string {
  const said = moves.map((move) => `${move.id}-${move.days < 0 ? "minus" : "plus"}${Math.abs(move.days)}`).join("-");
  const whole = `${plan}-${said}`.replace(/[^A-Za-z0-9_-]/g, "-").slice(-56);
  if (!taken.includes(whole)) return whole;
  for (let k = 2; ; k++) if (!taken.includes(`${whole}-${k}`)) return `${whole}-${k}`;
}

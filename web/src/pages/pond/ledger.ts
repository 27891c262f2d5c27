// The ledger of a pond from the figures of a closing: `c1.inflow[K]` is what came into c1 of potassium.

export interface Figure {
  id: string;
  unit: string;
  value?: number | null;
  low?: number | null;
  high?: number | null;
}

/** Streams in the order in which a ledger has them. */
export const STREAMS = ["inflow", "rain", "outflow", "evaporation", "leakage", "harvest", "entrainment", "deposited", "stock"] as const;

/** All matter, water and salt together: what stands in no brackets. */
export const ALL = "all";

export interface Ledger {
  unit: string;
  /** What is counted: all matter first, then elements. */
  columns: string[];
  rows: { stream: string; values: (Figure | undefined)[] }[];
}

export function ledger(pond: string, figures: Figure[]): Ledger | null {
  const cells = new Map<string, Figure>();
  const columns = new Set<string>();
  const streams = new Set<string>();
  const unit = new Map<string, number>();
  for (const figure of figures) {
    if (!figure.id.startsWith(`${pond}.`)) continue;
    const rest = figure.id.slice(pond.length + 1);
    const match = /^([a-z_]+)(?:\[(\w+)\])?$/.exec(rest);
    if (!match || !(STREAMS as readonly string[]).includes(match[1]!)) continue;
    const column = match[2] ?? ALL;
    streams.add(match[1]!);
    columns.add(column);
    cells.set(`${match[1]} ${column}`, figure);
    unit.set(figure.unit, (unit.get(figure.unit) ?? 0) + 1);
  }
  if (cells.size === 0) return null;
  const order = [...columns].sort((a, b) => Number(b === ALL) - Number(a === ALL) || a.localeCompare(b));
  const most = [...unit].sort((a, b) => b[1] - a[1])[0]![0];
  return {
    unit: most,
    columns: order,
    rows: STREAMS.filter((stream) => streams.has(stream)).map((stream) => ({ stream, values: order.map((column) => cells.get(`${stream} ${column}`)) })),
  };
}

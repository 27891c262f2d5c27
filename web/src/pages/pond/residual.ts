// What the measured book cannot place of a pond: what came, less what went, less what the pond holds more.

import { answered, api, type Schema } from "../../api/client";
import { measuredBook } from "../../api/runs";
import { ALL } from "./ledger";

type Circulation = Schema["CirculationView"];

/** t of what flows; null where the pond is not in it or its stock is not known. */
export function residualOf(flows: Circulation, pond: string): number | null {
  const at = flows.nodes.findIndex((node) => node.id === pond);
  const change = flows.nodes[at]?.stock_change;
  if (change == null) return null;
  const sum = (end: "from" | "to") => flows.links.filter((link) => link[end] === at).reduce((sum, link) => sum + link.amount, 0);
  return sum("to") - sum("from") - change;
}

/** Residuals of a day by what is counted; of the first measured book that has the day. */
export async function residuals(pond: string, day: string, columns: readonly string[]): Promise<Map<string, number | null>> {
  const book = await measuredBook(day);
  if (!book) return new Map();
  const one = async (column: string) => {
    const query = { carrier: column === ALL ? "mass" : column, from: day, to: day };
    const flows = await answered(api.GET("/api/runs/{name}/circulation", { params: { path: { name: book.name }, query } }));
    return [column, residualOf(flows, pond)] as const;
  };
  return new Map(await Promise.all(columns.map(one)));
}

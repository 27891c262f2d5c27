import { expect, test } from "vitest";
import type { Schema } from "../../api/client";
import { placesOf } from "./places";
import { moved, moveOf, nameOf, room, rowsOf, within, type Plan } from "./gantt";
import { aheadOf, ALL, bandsOf, productBands, stocksOf } from "./series";
import { at, dayOf, daysOf, later, months, plantDay, textOf } from "./time";
import { answer } from "./why";

const name = (text: string) => ({ en: text, zh: text });

function plan(more: Partial<Plan> = {}): Plan {
  const undone: Plan["undone"][number] = { of: "harvest", id: "c2", from: "2027-04-01", to: "2027-04-14", left: 0.5, because: "undone.salt", why: name("salt"), worth: 3, places: ["choices.csv, row 4"] };
  return {
    status: "optimal", currency: "CNY", from: "2027-04-01", to: "2027-05-31", step_days: 7, worth: 2, by_rules: 1, simulations: 4, products: [], turns: [], conflict: [], relaxation: [],
    harvests: [{ id: "c1", name: name("C1"), pond: "c1" }, { id: "c2", name: name("C2"), pond: "c2" }, { id: "c9", name: name("C9"), pond: "c9" }],
    bars: [
      { of: "harvest", id: "c1", name: name("C1"), from: "2027-04-08", to: "2027-04-21", amount: 9, unit: "t" },
      { of: "flow", id: "f", name: name("F"), from: "2027-04-01", to: "2027-04-30", amount: 5, unit: "m3" },
      { of: "flow", id: "f", name: name("F"), from: "2027-04-01", to: "2027-04-30", amount: 5, unit: "m3" },
    ],
    loads: [{ id: "kcl", name: name("KCl"), from: "2027-04-01", to: "2027-04-07", load: 0.9 }],
    bindings: [
      { what: name("wagons"), id: "rail", from: "2027-04-01", to: "2027-04-10", worth: 9, places: ["transport.csv, row 2"] },
      { what: name("demand"), id: "KCl", from: "2027-05-01", to: "2027-05-10", worth: 5, places: [] },
    ],
    undone: [undone],
    ...more,
  };
}

test("days are counted without a zone, and months are thinned until they have room", () => {
  expect(textOf(dayOf("2027-03-28"))).toBe("2027-03-28");
  expect(later("2027-02-27", 2)).toBe("2027-03-01");
  // 20:00 UTC on the last of March is 1 April where the clock is eight hours ahead.
  expect(textOf(plantDay(Date.UTC(2027, 2, 31, 20), 8))).toBe("2027-04-01");
  const scale = { from: dayOf("2027-01-01"), to: dayOf("2027-12-31"), left: 100, right: 465 };
  expect(at(scale, scale.from)).toBe(100);
  expect(at(scale, scale.to + 1)).toBe(465);
  expect(daysOf(scale, 7.4)).toBe(7);
  expect(months(scale, 30)).toHaveLength(12);
  expect(months(scale).map(textOf)).toEqual(["2027-01-01", "2027-03-01", "2027-05-01", "2027-07-01", "2027-09-01", "2027-11-01"]);
});

test("rows hold what is done and what was asked for and is not, each bar once", () => {
  const rows = rowsOf(plan());
  expect(rows.map((row) => [row.of, row.id, row.bars.length])).toEqual([["harvest", "c2", 0], ["harvest", "c1", 1], ["flow", "f", 1], ["plant", "kcl", 1]]);
});

test("a bar is moved within the plan, by whole days, and its run has a name of its own", () => {
  const bar = rowsOf(plan())[1]!.bars[0]!;
  expect(room(plan(), bar)).toEqual([-7, 40]);
  expect([within(-9, [-7, 40]), within(3.6, [-7, 40]), within(99, [-7, 40])]).toEqual([-7, 4, 40]);
  const move = { id: "c1", from: bar.from, to: bar.to, days: -7 };
  expect(nameOf("year", [move], [])).toBe("year-c1-minus7");
  expect(nameOf("year", [move, { ...move, id: "c2", days: 3 }], [])).toBe("year-c1-minus7-c2-plus3");
  expect(nameOf("year", [move], ["year-c1-minus7"])).toBe("year-c1-minus7-2");
  expect(nameOf("y".repeat(60), [{ ...move, id: "盐 1" }], [])).toMatch(/^[A-Za-z0-9_-]{1,60}$/);
});

test("several harvests are moved, and one that is put back is not", () => {
  const move = { id: "c1", from: "2027-04-08", to: "2027-04-21", days: -7 };
  const both = moved(moved([], move), { ...move, id: "c2", days: 2 });
  expect(both.map((one) => [one.id, one.days])).toEqual([["c1", -7], ["c2", 2]]);
  expect(moved(both, { ...move, days: -3 }).map((one) => one.days)).toEqual([2, -3]);
  expect(moved(both, { ...move, days: 0 })).toEqual([both[1]]);
  expect(moveOf(both, "c1", rowsOf(plan())[1]!.bars[0]!)?.days).toBe(-7);
});

test("why not is answered by the reason of that day, or says that there is none", () => {
  const ask = (id: string, day: string, of: "harvest" | "plant" = "harvest") => answer(plan(), { of, id, day });
  const found = ask("c2", "2027-04-09");
  expect(found).toMatchObject({ is: "undone", undone: { because: "undone.salt" }, binds: [{ id: "rail" }] });
  expect(ask("c2", "2027-05-05")).toMatchObject({ is: "full", binds: [{ id: "KCl" }] });
  expect(ask("c1", "2027-04-09").is).toBe("full");
  expect(ask("c9", "2027-04-09").is).toBe("not-asked");
  expect(ask("c2", "2028-04-09").is).toBe("outside");
  expect(answer(plan({ undone: [] }), { of: "harvest", id: "c2", day: "2027-04-09" }).is).toBe("no-reasons");
});

const column = (name: string, values: (number | null)[] | string[]): Schema["RunSeriesView"]["columns"][number] =>
  typeof values[0] === "string" ? { name, unit: "", numbers: [], texts: values as string[] } : { name, unit: "", numbers: values as (number | null)[], texts: [] };

test("bands are read by stage, and one weather is a band without width", () => {
  const days = ["2027-01-31", "2027-01-31", "2027-02-28", "2027-02-28"];
  const stages = ["halite", "sylvite", "halite", "sylvite"];
  const bands = bandsOf({ columns: [column("date", days), column("stage", stages), column("p10", [1, 2, 3, 4]), column("p50", [2, 3, 4, 5]), column("p90", [3, 4, 5, 6])] });
  expect(bands.get("sylvite")).toEqual([{ day: dayOf("2027-01-31"), p10: 2, p50: 3, p90: 4 }, { day: dayOf("2027-02-28"), p10: 4, p50: 5, p90: 6 }]);
  const ahead = aheadOf({ columns: [column("date", days), column("stage", stages), column("months_ahead", [1, 2, 3, 4])] });
  expect(ahead.get(ALL)!.map((band) => band.p50)).toEqual([3, 7]);
  expect([...ahead.keys()]).toEqual(["halite", "sylvite", ALL]);
});

test("what is made is told to the last day", () => {
  const bands = productBands({
    columns: [column("date", ["2027-01-31", "2027-02-28", "2027-02-28"]), column("product", ["KCl", "KCl", "Mg"]), column("p10", [1, 2, 3]), column("p50", [2, 3, 4]), column("p90", [3, 4, 5])],
  });
  expect([...bands]).toEqual([["KCl", { p10: 2, p50: 3, p90: 4 }], ["Mg", { p10: 3, p50: 4, p90: 5 }]]);
});

test("stocks without a limit are left out, the fullest come first", () => {
  const stocks = stocksOf({
    columns: [
      column("from", ["2027-01-01", "2027-01-08", "2027-01-01"]), column("days", [7, 7, 7]), column("product", ["KCl", "KCl", "Mg"]),
      column("store", [5, 9, 1]), column("store_max", [10, 10, null]), column("far", [4, 4, null]), column("far_max", [4, 4, null]),
    ],
  });
  expect(stocks.map((stock) => [stock.product, stock.where, stock.peak])).toEqual([["KCl", "far", 1], ["KCl", "store", 0.9]]);
  expect(stocks[1]!.points[1]).toEqual({ from: dayOf("2027-01-08"), to: dayOf("2027-01-14"), t: 9 });
});

test("rows of one file are told together", () => {
  const places = ["demand.csv, row 6", "demand.csv, row 3, column most", "choices.csv, row 2", "demand.csv, row 3", "base.toml"];
  expect(placesOf(places)).toEqual([{ file: "demand.csv", rows: [3, 6] }, { file: "choices.csv", rows: [2] }, { file: "base.toml", rows: [] }]);
});

import { expect, test } from "vitest";
import { difference, isOtherwise, keyOf, reach, wish, type Figures, type Lever } from "./difference";

const lever = (id: string, kind: string, value: number): Lever => ({ id, kind, value, name: { en: id, zh: id }, unit: "MW" });
const LEVERS = [lever("pv", "pv", 150), lever("battery", "store", 200), lever("batch", "deadline", 24), lever("carbon_price", "carbon_price", 0)];

test("only what was moved is asked for: capacities as factors, the rest as it is", () => {
  expect(wish(LEVERS, {})).toEqual({ scales: {}, deadlines_h: {}, carbon_price: null });
  const moved = { "pv:pv": 225, "store:battery": 200, "deadline:batch": 6, "carbon_price:carbon_price": 80 };
  expect(wish(LEVERS, moved)).toEqual({ scales: { pv: 1.5 }, deadlines_h: { batch: 6 }, carbon_price: 80 });
  expect(wish([lever("none", "pv", 0)], { "pv:none": 5 }).scales).toEqual({});
});

test("a lever that came back to where it was changes nothing", () => {
  expect(isOtherwise(LEVERS, {})).toBe(false);
  expect(isOtherwise(LEVERS, { [keyOf(LEVERS[0]!)]: 150 })).toBe(false);
  expect(isOtherwise(LEVERS, { [keyOf(LEVERS[0]!)]: 0 })).toBe(true);
});

test("every lever reaches its own value by whole steps", () => {
  for (const one of LEVERS) {
    const { min, max, step } = reach(one);
    expect(max).toBeGreaterThan(one.value);
    expect(Math.abs((one.value - min) / step - Math.round((one.value - min) / step))).toBeLessThan(1e-9);
  }
});

test("differences are what is otherwise less the base, without what solvers round", () => {
  const base: Figures = { cost: 1_000_000, carbon_t: 500, curtailed_mwh: 0, clean: 0.5 };
  expect(difference({ cost: 900_000, carbon_t: 420, curtailed_mwh: 12, clean: 0.625 }, base)).toEqual({ cost: -100_000, carbon_t: -80, curtailed_mwh: 12, clean: 0.125 });
  expect(difference({ ...base, cost: 1_000_000.000_01, curtailed_mwh: 1e-10 }, base)).toEqual({ cost: 0, carbon_t: 0, curtailed_mwh: 0, clean: 0 });
  expect(difference({ ...base, cost: null }, base).cost).toBeNull();
});

import { expect, test } from "vitest";
import type { Base } from "../../api/client";
import { edgeToEdge, layout, lines, type Point } from "./layout";

const square = (x: number, y: number, side: number): Point[] => [[x, y], [x + side, y], [x + side, y + side], [x, y + side]];

test("a way goes from edge to edge and reaches a little into both", () => {
  const [a, b] = edgeToEdge(square(0, 0, 10), square(30, 0, 10), 1);
  expect(a).toEqual([9, 5]);
  expect(b).toEqual([31, 5]);
  // Neighbours that touch still have a way that is seen.
  const [c, d] = edgeToEdge(square(0, 0, 10), square(10, 0, 10), 2);
  expect([c[0], d[0]]).toEqual([8, 12]);
});

test("long names take two lines, in either language", () => {
  expect(lines("Brine wells and collecting canal", 14)).toEqual(["Brine wells and", "collecting canal"]);
  expect(lines("采卤井与集卤渠渠首", 5)).toEqual(["采卤井与集", "卤渠渠首"]);
  expect(lines("River", 14)).toEqual(["River"]);
});

const name = { en: "a", zh: "甲" };
const pond = (id: string, outline_m: number[][]) => ({ id, name, outline_m, area_m2: 100, stage: "halite", depth_min_m: 0, depth_target_m: 1, depth_max_m: 2 });
const place = (id: string, kind: string) => ({ id, name, kind });

test("what is no pond stands beside the ponds and never on one another", () => {
  const outline = [[0, 0], [100, 0], [100, 100], [0, 100]];
  const places = [place("pv", "power"), place("hall", "hall"), ...Array.from({ length: 12 }, (_, i) => place(`plant${i}`, "plant")), place("well", "source")];
  const links = [{ id: "l", from: "well", to: "p", capacity_m3_h: 1 }];
  const made = layout({ ponds: [pond("p", outline), pond("q", [])], places, links } as unknown as Base);
  const boxes = [...made.boxes.values()];
  expect(boxes).toHaveLength(15);
  for (const a of boxes) {
    // North is up: the ponds reach from −100 to 0, or are put beside them.
    expect(a.x < 0 || a.x > 100 || a.y - a.height / 2 > 0).toBe(true);
    for (const b of boxes) {
      if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThan(a.height);
    }
  }
});

import { expect, test } from "vitest";
import { apart, clear, graphOf, shareOf } from "./graph";

const node = (id: string, kind: string) => ({ id, kind, name: { en: id, zh: id }, stock_change: 0 });
const nodes = [node("lake", "source"), node("p1", "pond"), node("p2", "pond"), node("sky", "sky"), node("kcl", "plant")];
const link = (from: number, to: number, amount: number) => ({ from, to, amount, streams: [`${from}.${to}`] });
// Brine to p1, p2 and the plant, whose liquor goes back to p1; water to the sky, rain from it; a trace of something.
const links = [link(0, 1, 100), link(1, 2, 80), link(2, 4, 60), link(4, 1, 10), link(1, 3, 30), link(3, 1, 5), link(0, 2, 0.05)];

test("a graph has no ring, and every flow that is drawn keeps its amount", () => {
  const { places, flows, small } = graphOf({ nodes, links });
  expect(small).toBe(1);
  expect(flows.map((flow) => flow.value).reduce((a, b) => a + b)).toBe(285);
  for (const flow of flows) expect(links[flow.link]!.amount).toBe(flow.value);
  // Removing places without a way in, again and again, leaves none where there is no ring.
  let left = new Set(places.keys());
  for (let before = -1; left.size !== before; ) {
    before = left.size;
    left = new Set([...left].filter((at) => flows.some((flow) => flow.target === at && left.has(flow.source))));
  }
  expect(left.size).toBe(0);
});

test("what goes back within the base says so, and the sky that gives stands apart from the sky that takes", () => {
  const { places, flows } = graphOf({ nodes, links });
  const back = flows.find((flow) => flow.link === 3)!;
  expect(places[back.target]).toMatchObject({ isBack: true, node: { id: "p1" } });
  const rain = flows.find((flow) => flow.link === 5)!;
  expect(places[rain.source]).toMatchObject({ isBack: false, node: { id: "sky" } });
  expect(places[rain.source]!.id).not.toBe("sky");
  expect(places.filter((place) => place.node.id === "sky")).toHaveLength(2);
});

test("nothing is nothing, and shares of a node are one", () => {
  expect(graphOf({ nodes, links: [] })).toEqual({ places: [], flows: [], small: 0 });
  expect(shareOf(links, 1) + shareOf(links, 4)).toBeCloseTo(1, 12);
});

test("names of a column stand apart and stay on the picture", () => {
  expect(apart([10, 12, 50], 14, 0, 100)).toEqual([10, 24, 50]);
  expect(apart([98, 99], 14, 0, 100)).toEqual([86, 100]);
  expect(apart([30, 10], 14, 0, 100)).toEqual([30, 10]);
});

test("no name lies on another, and the first ones stay where they are wished", () => {
  const label = (left: number, y: number) => ({ left, y, width: 50 });
  // The second reaches into the first and moves down a line; the third is beside them; the fourth finds no room in two lines.
  expect(clear([label(0, 50), label(30, 52), label(90, 50), label(10, 50)], 14, 40, 70)).toEqual([50, 66, 50, null]);
});

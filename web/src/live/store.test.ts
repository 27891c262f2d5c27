import { expect, test } from "vitest";
import { LiveStore } from "./store";

function store() {
  const frames: (() => void)[] = [];
  const made = new LiveStore((work) => frames.push(work));
  made.resize(3);
  const paint = () => frames.splice(0).forEach((work) => work());
  return { made, paint, frames };
}

test("a tag is painted once a frame, however often it changes", () => {
  const { made, paint, frames } = store();
  let painted = 0;
  made.watch(1, () => (painted += 1));
  for (let k = 0; k < 10; k++) made.take([{ n: 1, time_ms: k, value: k, quality: 192 }]);
  expect(frames).toHaveLength(1);
  paint();
  expect([painted, made.value(1)]).toEqual([1, 9]);
  made.take([{ n: 0, time_ms: 1, value: 1, quality: 192 }]);
  paint();
  expect(painted).toBe(1);
});

test("what is late, unknown or bad is not shown as live", () => {
  const { made } = store();
  made.take([{ n: 2, time_ms: 100, value: 7, quality: 192 }]);
  made.take([{ n: 2, time_ms: 50, value: 1, quality: 192 }, { n: 9, time_ms: 1, value: 1, quality: 192 }]);
  expect(made.value(2)).toBe(7);
  made.take([{ n: 2, time_ms: 200, value: 8, quality: 0 }]);
  expect(made.value(2)).toBe(8);
  expect(made.usable(2)).toBeNaN();
  expect(made.value(0)).toBeNaN();
  made.take([{ n: 2, time_ms: 300, value: null, quality: 24 }]);
  expect(made.value(2)).toBeNaN();
});

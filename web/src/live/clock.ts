// The plant's clock, which is not this machine's: that may be wrong, and a played plant has its own pace.

import { useEffect, useState } from "react";

let plant = { ms: Date.now(), at: performance.now(), speed: 1 };

export function setPlantClock(ms: number, speed: number): void {
  plant = { ms, at: performance.now(), speed };
}

export const plantNow = (): number => plant.ms + (performance.now() - plant.at) * plant.speed;

export const plantSpeed = (): number => plant.speed;

/** The plant's time, every so often. */
export function usePlantClock(everyMs = 1000): number {
  const [now, setNow] = useState(plantNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(plantNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

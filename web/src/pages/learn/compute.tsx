// Lesson 5: how flexible compute earns its place. The dispatch is solved anew for every wait that is tried.

import { useState } from "react";
import { Link } from "wouter";
import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Loading, Problem } from "../../parts/problem";
import { number, text } from "../../text/lang";
import { shortestWait } from "./sums";
import { BringAbout } from "./task";
import { w } from "./words";

/** Waits that are tried, h. */
const WAITS = [0, 2, 4, 6, 8, 12, 18, 24];
/** Share of the gain that is to be kept. */
const SHARE = 0.8;
const DAYS = 2;

const asBase = () => answered(api.POST("/api/energy/dispatch", { body: { days: DAYS } }));

interface Tried {
  wait_h: number;
  cost: number;
}

/** Costs by wait, one after the other: a server solves one at a time. */
async function curve(id: string): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const wait_h of WAITS) {
    const { objective } = await answered(api.POST("/api/energy/dispatch", { body: { days: DAYS, deadlines_h: { [id]: wait_h } } }));
    if (objective != null) tried.push({ wait_h, cost: objective });
  }
  return tried;
}

function Curve({ tried, wait, currency }: { tried: Tried[]; wait: number; currency: string }) {
  const costs = tried.map((one) => one.cost);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const x = (wait_h: number) => 60 + (340 * wait_h) / WAITS.at(-1)!;
  const y = (cost: number) => 14 + (high > low ? (100 * (high - cost)) / (high - low) : 50);
  return (
    <svg className="wait-curve" viewBox="0 0 420 150" role="img" aria-label={w.coCurve()}>
      <path d={`M${tried.map((one) => `${x(one.wait_h)} ${y(one.cost)}`).join("L")}`} />
      {tried.map((one) => (
        <circle key={one.wait_h} cx={x(one.wait_h)} cy={y(one.cost)} r={one.wait_h === wait ? 6 : 3} className={one.wait_h === wait ? "chosen" : ""}>
          <title>{`${one.wait_h} h: ${number(one.cost, 6)} ${currency}`}</title>
        </circle>
      ))}
      {WAITS.map((wait_h) => (
        <text key={wait_h} x={x(wait_h)} y="140" textAnchor="middle">
          {wait_h}
        </text>
      ))}
      <text x="54" y={y(high) + 4} textAnchor="end">
        {number(high, 4)}
      </text>
      <text x="54" y={y(low) + 4} textAnchor="end">
        {number(low, 4)}
      </text>
    </svg>
  );
}

function Waits({ id, name, currency }: { id: string; name: string; currency: string }) {
  const asked = useAsked(() => curve(id), [id]);
  const [wait, setWait] = useState(24);
  const tried = asked.data ?? [];
  const right = shortestWait(tried.map((one) => [one.wait_h, one.cost] as const), SHARE);
  const cost = (wait_h: number) => tried.find((one) => one.wait_h === wait_h)?.cost ?? Number.NaN;
  const gain = cost(0) - cost(wait);
  const whole = cost(0) - cost(WAITS.at(-1)!);
  return (
    <>
      <Problem error={asked.error} again={asked.again} />
      {asked.isAsking && !asked.data && <Loading />}
      {asked.data && right === null && <p className="notice plain">{w.coNothing()}</p>}
      {asked.data && right !== null && (
        <>
          <Curve tried={tried} wait={wait} currency={currency} />
          <p className="faint small">{w.coCurveWhy({ currency, days: DAYS })}</p>
          <BringAbout id="compute" question={w.coTask({ name })} hint={w.coHint({ share: number((100 * gain) / whole, 3) })} why={w.coWhy({ wait, gain: number(gain, 4), currency, share: number((100 * gain) / whole, 3) })} isSo={wait === right}>
            <label className="field">
              {w.coWait({ name })}
              <input type="range" min={0} max={WAITS.length - 1} step={1} value={WAITS.indexOf(wait)} aria-valuetext={`${wait} h`} onChange={(event) => setWait(WAITS[event.target.valueAsNumber]!)} />
              <output className="number">{`${wait} h`}</output>
            </label>
          </BringAbout>
        </>
      )}
    </>
  );
}

export function Compute() {
  const asked = useAsked(asBase, []);
  const lever = asked.data?.levers.find((one) => one.kind === "deadline");
  return (
    <>
      <p>{w.co1()}</p>
      <p>{w.co2()}</p>
      <Problem error={asked.error} again={asked.again} />
      {asked.isAsking && !asked.data && <Loading />}
      {asked.data && !lever && <p className="notice plain">{w.coNoWork()}</p>}
      {asked.data && lever && <Waits id={lever.id} name={text(lever.name)} currency={asked.data.currency ?? ""} />}
      <p>
        {w.co3()} <Link href="/energy">{w.toEnergy()}</Link>
      </p>
    </>
  );
}

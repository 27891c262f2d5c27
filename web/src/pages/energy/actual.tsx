// What was planned beside what instruments told, unit by unit.

import { answered, api, type Tag } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { usePark, type Park } from "../../session";
import { text } from "../../text/lang";
import { bothWays } from "./both-ways";
import { meansOnSteps, MW_IN } from "./by-time";
import { Chart, type Mark, type Steps } from "./chart";
import type { Dispatch } from "./difference";
import { instant } from "./moments";
import { paintOf } from "./paint";
import { w } from "./words";

/** Buckets that are asked for in a step: the server's begin when it likes. */
const FINER = 6;

/** What was planned of a unit that has an instrument. */
interface Measured {
  tag: Tag;
  name: string;
  kind: string;
  planned: (number | null)[];
}

/** Units and consumers of the plan of which an asset has a tag of power, made and used alike. */
export function measured(park: Park, dispatch: Dispatch): Measured[] {
  const power = (unit: string): Tag | undefined => {
    const asset = park.assetOf.get(unit);
    return asset ? (park.byAsset.get(asset) ?? []).find((tag) => tag.quantity === "power") : undefined;
  };
  const units = dispatch.units
    .filter((unit) => unit.sign > 0 && unit.column === unit.unit)
    .map((unit) => ({ id: unit.unit, name: text(unit.name), kind: unit.kind, planned: unit.values.map((value) => value ?? null) }));
  const consumers = (dispatch.matching?.consumers ?? [])
    .filter((consumer) => consumer.kind !== "export")
    .map((consumer) => ({ id: consumer.unit, name: text(consumer.name), kind: consumer.kind, planned: consumer.power_mw.map((value) => value ?? null) }));
  return [...units, ...bothWays(dispatch.units).map(({ name, ...rest }) => ({ ...rest, name: text(name) })), ...consumers].flatMap(({ id, ...rest }) => {
    const tag = power(id);
    return tag && MW_IN[tag.unit] ? [{ tag, ...rest }] : [];
  });
}

function One({ of, steps }: { of: Measured; steps: Steps }) {
  const first = instant(steps.times[0]!, steps.offsetH);
  const last = instant(steps.times.at(-1)!, steps.offsetH) + steps.stepMin * 60_000;
  const hour = Math.floor(steps.now);
  const ask = () =>
    answered(api.GET("/api/tags/{id}/trend", { params: { path: { id: of.tag.id }, query: { from: String(first), to: String(last), buckets: Math.min(4000, FINER * steps.times.length) } } }));
  const asked = useAsked(ask, [of.tag.id, first, last, hour]);
  if (!asked.data) return <Problem error={asked.error} again={asked.again} />;
  const told = meansOnSteps(asked.data, steps.times, steps.stepMin, steps.offsetH, MW_IN[of.tag.unit]);
  const paint = paintOf(of.kind);
  const marks: Mark[] = [
    { key: "planned", name: w.plannedLine(), paint: { ...paint, hatch: "none" }, area: { from: of.planned.map((value) => (value === null ? null : 0)), to: of.planned, isBand: true }, told: of.planned },
    { key: "measured", name: w.measuredLine(), paint: { colour: "--ink", hatch: "none" }, line: told },
  ];
  if (!told.some((value) => value !== null)) return null;
  return (
    <figure>
      <figcaption className="small">{w.actualOf({ name: of.name })}</figcaption>
      <Chart title={w.actualOf({ name: of.name })} unit="MW" steps={steps} marks={marks} height={120} />
    </figure>
  );
}

export function Actual({ dispatch, steps }: { dispatch: Dispatch; steps: Steps }) {
  const park = usePark();
  const all = measured(park, dispatch);
  return (
    <Panel title={w.actual()}>
      {all.length === 0 && <p className="faint">{w.noTags()}</p>}
      {all.length > 0 && (
        <>
          <div className="pair">
            {all.map((of) => (
              <One key={of.tag.id} of={of} steps={steps} />
            ))}
          </div>
          <p className="faint when-empty">{w.noActual()}</p>
        </>
      )}
    </Panel>
  );
}

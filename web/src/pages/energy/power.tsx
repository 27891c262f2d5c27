// Who gives and who takes at a node, hour by hour.

import { useState } from "react";
import { Panel } from "../../parts/panel";
import { dateTime, text } from "../../text/lang";
import { Chart, type Mark, type Steps } from "./chart";
import type { Dispatch } from "./difference";
import { instant } from "./moments";
import { paintOf } from "./paint";
import { curtailed, layers, nodes, thickest, type Layer, type Unit } from "./stack";
import { w } from "./words";

/** A unit's name with what of it is meant, where it has several sides. */
export function sideOf(unit: Unit): string {
  const name = text(unit.name);
  const sides: Record<string, (fields: { name: string }) => string> = {
    import: w.bought, export: w.soldBy, charge: w.charge, discharge: w.discharge, shortage: w.short, demand: w.demandOf,
  };
  return sides[unit.kind]?.({ name }) ?? name;
}

function mark(layer: Layer): Mark {
  return {
    key: layer.unit.column,
    name: sideOf(layer.unit),
    paint: paintOf(layer.unit.kind),
    area: { from: layer.from, to: layer.to, labelAt: thickest(layer) },
    told: layer.power,
    group: layer.side > 0 ? w.given() : w.taken(),
  };
}

/** What finds nobody, on top of all that is given. */
function lost(units: Unit[], node: string, stacked: Layer[]): Mark[] {
  const power = curtailed(units, node);
  if (!power.some((value) => value > 0.05)) return [];
  const top = power.map((_, step) => stacked.reduce((most, layer) => (layer.side > 0 ? Math.max(most, layer.to[step]!) : most), 0));
  return [
    {
      key: "curtailed",
      name: w.curtailedHour(),
      paint: { colour: "--line", hatch: "cross" },
      area: { from: top, to: top.map((base, step) => base + power[step]!) },
      told: power,
      group: w.given(),
    },
  ];
}

/** The name of a node, as its demand has it. */
export function nodeName(units: Unit[], node: string): string {
  const own = units.find((unit) => unit.unit === node);
  return own ? text(own.name) : node;
}

function HourPicker({ steps }: { steps: Steps }) {
  const time = steps.times[steps.at];
  const said = time ? dateTime(instant(time, steps.offsetH)) : "";
  return (
    <label className="hour-picker">
      <span className="faint">{w.hourShown()}</span>
      <input type="range" min={0} max={Math.max(0, steps.times.length - 1)} value={steps.at} aria-valuetext={said} onChange={(event) => steps.onAt(event.target.valueAsNumber)} />
      <output className="number">{said}</output>
    </label>
  );
}

export function Power({ dispatch, steps }: { dispatch: Dispatch; steps: Steps }) {
  const all = nodes(dispatch.units);
  const [chosen, setChosen] = useState<string | null>(null);
  const node = chosen && all.includes(chosen) ? chosen : all[0];
  if (!node) return null;
  const stacked = layers(dispatch.units, node);
  const title = w.power({ node: nodeName(dispatch.units, node) });
  const choose =
    all.length > 1 ? (
      <select aria-label={w.node()} value={node} onChange={(event) => setChosen(event.target.value)}>
        {all.map((one) => (
          <option key={one} value={one}>
            {nodeName(dispatch.units, one)}
          </option>
        ))}
      </select>
    ) : undefined;
  return (
    <Panel title={title} aside={choose}>
      <HourPicker steps={steps} />
      <Chart title={title} unit="MW" steps={steps} marks={[...stacked.map(mark), ...lost(dispatch.units, node, stacked)]} height={320} />
    </Panel>
  );
}

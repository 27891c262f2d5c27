// Stores, prices, carbon, waiting work and clean matching, hour by hour.

import { Panel } from "../../parts/panel";
import { text } from "../../text/lang";
import { Chart, type Mark, type Steps } from "./chart";
import type { Dispatch } from "./difference";
import { linePaint, paintOf } from "./paint";
import { nodeName } from "./power";
import type { Unit } from "./stack";
import { w } from "./words";

interface Props {
  dispatch: Dispatch;
  steps: Steps;
}

const ofKind = (dispatch: Dispatch, kind: string): Unit[] => dispatch.units.filter((unit) => unit.kind === kind);
const does = (unit: Unit): boolean => unit.values.some((value) => Math.abs(value ?? 0) > 1e-6);

/** Levels of stores, each with its capacity as a dashed line where one store is alone. */
export function Stores({ dispatch, steps }: Props) {
  const levels = ofKind(dispatch, "level").filter((unit) => (unit.capacity ?? 1) > 0);
  if (levels.length === 0) return null;
  const marks = levels.flatMap((unit, i): Mark[] => {
    const paint = levels.length === 1 ? paintOf("level") : linePaint(i);
    const own: Mark = { key: unit.column, name: text(unit.name), paint, line: unit.values };
    if (levels.length === 1) own.area = { from: unit.values.map(() => 0), to: unit.values };
    if (levels.length === 1) delete own.line;
    const told: Mark = { ...own, told: unit.values };
    if (levels.length > 1 || unit.capacity == null) return [told];
    const most = unit.values.map(() => unit.capacity ?? null);
    return [told, { key: `${unit.column}.capacity`, name: w.capacityOf({ name: text(unit.name) }), paint: { colour: "--ink", hatch: "none", dash: "6 3" }, line: most }];
  });
  return (
    <Panel title={w.stores()}>
      <Chart title={w.stores()} unit={levels[0]!.written_in} steps={steps} marks={marks} />
    </Panel>
  );
}

export function Price({ dispatch, steps }: Props) {
  const prices = ofKind(dispatch, "price");
  if (prices.length === 0) return null;
  const marks = prices.map((unit, i): Mark => ({ key: unit.column, name: nodeName(dispatch.units, unit.node), paint: linePaint(i), line: unit.values }));
  return (
    <Panel title={w.price()}>
      <Chart title={w.price()} unit={prices[0]!.written_in} steps={steps} marks={marks} />
    </Panel>
  );
}

export function Carbon({ dispatch, steps }: Props) {
  const marks: Mark[] = [{ key: "carbon", name: w.intensityShort(), paint: linePaint(4), line: dispatch.carbon_kg_mwh.map((value) => value ?? null) }];
  return (
    <Panel title={w.intensity()}>
      <Chart title={w.intensity()} unit="kg/MWh" steps={steps} marks={marks} />
    </Panel>
  );
}

export function Backlog({ dispatch, steps }: Props) {
  const waiting = ofKind(dispatch, "backlog").filter((unit) => does(unit) || ofKind(dispatch, "may_wait").some((most) => most.unit === unit.unit));
  if (waiting.length === 0) return null;
  const marks = waiting.flatMap((unit, i): Mark[] => {
    const most = ofKind(dispatch, "may_wait").find((other) => other.unit === unit.unit);
    const colour = `--series-${((i + 5) % 6) + 1}`;
    const name = text(unit.name);
    return [
      { key: unit.column, name: w.waits({ name }), paint: { colour, hatch: i % 2 ? "fall" : "flat" }, area: { from: unit.values.map(() => 0), to: unit.values }, told: unit.values },
      ...(most ? [{ key: most.column, name: w.mayWait({ name }), paint: { colour: "--ink", hatch: "none" as const, dash: "6 3" }, line: most.values }] : []),
    ];
  });
  return (
    <Panel title={w.backlog()}>
      <Chart title={w.backlog()} unit="MWh" steps={steps} marks={marks} />
      <p className="faint small">{w.backlogWhy()}</p>
    </Panel>
  );
}

export function CleanHours({ dispatch, steps }: Props) {
  const values = dispatch.clean_percent.map((value) => value ?? null);
  if (!values.some((value) => value !== null)) return null;
  const marks: Mark[] = [{ key: "clean", name: w.cleanShort(), paint: { colour: "--series-4", hatch: "none" }, area: { from: values.map((value) => (value === null ? null : 0)), to: values }, told: values }];
  return (
    <Panel title={w.matchingHour()}>
      <Chart title={w.matchingHour()} unit="%" steps={steps} marks={marks} />
    </Panel>
  );
}

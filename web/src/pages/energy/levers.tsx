// What may be otherwise: a slider each, with what the base has.

import { useId } from "react";
import { Panel } from "../../parts/panel";
import { number, text } from "../../text/lang";
import { isOtherwise, keyOf, reach, rested, type Lever, type Moved } from "./difference";
import { w } from "./words";

function nameOf(lever: Lever): string {
  const name = text(lever.name);
  if (lever.kind === "store") return w.store({ name });
  if (lever.kind === "import") return w.import({ name });
  if (lever.kind === "hall") return w.hall({ name });
  if (lever.kind === "deadline") return w.deadline({ name });
  if (lever.kind === "carbon_price") return name;
  return w.pv({ name });
}

function One({ lever, value, set }: { lever: Lever; value: number; set: (value: number) => void }) {
  const id = useId();
  const { min, max, step } = reach(lever);
  return (
    <div className={`lever ${value === lever.value ? "" : "moved"}`}>
      <label htmlFor={id}>
        <span>{nameOf(lever)}</span>
        <output className="number">{`${number(value)} ${lever.unit}`}</output>
      </label>
      <input id={id} type="range" min={min} max={max} step={step} value={value} disabled={max <= min} aria-valuetext={`${number(value)} ${lever.unit}`} onChange={(event) => set(rested(lever, event.target.valueAsNumber))} />
      <span className="faint small">{w.asBase({ value: number(lever.value), unit: lever.unit })}</span>
    </div>
  );
}

interface Props {
  levers: Lever[];
  moved: Moved;
  set: (moved: Moved) => void;
  state: string;
}

export function Levers({ levers, moved, set, state }: Props) {
  const back = (
    <button type="button" disabled={!isOtherwise(levers, moved)} onClick={() => set({})}>
      {w.base()}
    </button>
  );
  return (
    <Panel title={w.whatIf()} aside={back} className="what-if">
      {levers.map((lever) => (
        <One key={keyOf(lever)} lever={lever} value={moved[keyOf(lever)] ?? lever.value} set={(value) => set({ ...moved, [keyOf(lever)]: value })} />
      ))}
      <p className="faint small" role="status">
        {state}
      </p>
    </Panel>
  );
}

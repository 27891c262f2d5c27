// Asking for a simulation or a plan.

import { useState } from "react";
import { answered, api, type Schema } from "../../api/client";
import { FormDialog } from "../../parts/form-dialog";
import { w } from "./words";

const KINDS = ["simulate", "dispatch", "production", "forecast"] as const;
type Kind = (typeof KINDS)[number];

interface Props {
  runs: Schema["RunsView"];
  close: () => void;
  again: () => void;
}

export function Begin({ runs, close, again }: Props) {
  const [kind, setKind] = useState<Kind>("simulate");
  const plans = runs.runs.filter((run) => run.kind === "production");
  const isSimulation = kind === "simulate";
  const begin = (form: FormData) => {
    const said = (name: string) => String(form.get(name) ?? "").trim() || null;
    const body = { kind, name: said("name") ?? "", from: said("from"), to: said("to"), state: said("state"), schedule: said("schedule") };
    return answered(api.POST("/api/jobs", { body })).then(again);
  };
  return (
    <FormDialog title={w.beginTitle()} deed={w.go()} work={begin} close={close}>
      <label className="field">
        {w.kind()}
        <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {w[one]()}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {`${w.name()} (${w.nameHint()})`}
        <input name="name" required maxLength={60} pattern="[A-Za-z0-9_\-]+" autoComplete="off" autoFocus />
      </label>
      {isSimulation && (
        <label className="field">
          {w.state()}
          <select name="state" defaultValue={runs.state ? "now" : "opening"}>
            {runs.state && <option value="now">{w.now({ day: runs.state })}</option>}
            <option value="opening">{w.opening()}</option>
          </select>
        </label>
      )}
      <div className="row">
        {isSimulation && (
          <label className="field">
            {w.from()}
            <input name="from" type="date" />
          </label>
        )}
        <label className="field">
          {w.to()}
          <input name="to" type="date" />
        </label>
      </div>
      <p className="faint small">{w.asBase()}</p>
      {isSimulation && plans.length > 0 && (
        <label className="field">
          {w.schedule()}
          <select name="schedule" defaultValue="">
            <option value="">{w.noSchedule()}</option>
            {plans.map((plan) => (
              <option key={plan.name} value={plan.name}>
                {plan.name}
              </option>
            ))}
          </select>
        </label>
      )}
    </FormDialog>
  );
}

// A harvest on other days: two days, a name for the run, and the simulation of it.

import { useState } from "react";
import { answered, api } from "../../api/client";
import { Panel } from "../../parts/panel";
import { reason } from "../../parts/problem";
import { text } from "../../text/lang";
import { amountOf, signed } from "./chart";
import { nameOf, room, within, type Move, type Plan, type Row } from "./gantt";
import { dayOf, later } from "./time";
import { w } from "./words";

interface Props {
  plan: Plan;
  /** Name of the plan. */
  name: string;
  rows: Row[];
  move: Move | null;
  setMove: (move: Move | null) => void;
  /** Names of runs and jobs that there are. */
  taken: string[];
  /** Why nothing can be begun; blank where it can. */
  hindrance: string;
  /** A run was begun. */
  begun: (run: string) => void;
}

export function Mover({ plan, name, rows, move, setMove, taken, hindrance, begun }: Props) {
  const row = rows.find((one) => one.of === "harvest" && one.id === move?.id);
  const bar = row?.bars.find((one) => one.from === move?.from);
  return (
    <Panel title={w.move()}>
      {move && row && bar ? (
        <Form key={`${bar.key} ${move.days}`} {...{ plan, name, row, bar, move, setMove, taken, hindrance, begun }} />
      ) : (
        <p className="faint">{w.moveNone()}</p>
      )}
    </Panel>
  );
}

type FormProps = Omit<Props, "rows" | "move"> & { row: Row; bar: Row["bars"][number]; move: Move };

function Form({ plan, name, row, bar, move, setMove, taken, hindrance, begun }: FormProps) {
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const put = (days: number) => setMove({ ...move, days: within(days, room(plan, bar)) });
  const simulate = async (form: FormData) => {
    const run = String(form.get("run"));
    setBusy(true);
    try {
      await answered(api.POST("/api/jobs", { body: { kind: "simulate", name: run, schedule: name, from: plan.from, to: plan.to, shifts: [move] } }));
      begun(run);
    } catch (error) {
      setTrouble(reason(error));
    }
    setBusy(false);
  };
  const date = (label: string, day: string, planned: string) => (
    <label className="field">
      {label}
      <input type="date" defaultValue={day} min={plan.from} max={plan.to} onBlur={(event) => event.target.value && event.target.value !== day && put(dayOf(event.target.value) - dayOf(planned))} />
    </label>
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void simulate(new FormData(event.currentTarget));
      }}
    >
      <p>{w.moveOf({ name: `${text(row.name)} (${row.id})`, amount: amountOf("harvest", bar), from: bar.from, to: bar.to })}</p>
      <div className="row">
        {date(w.newFrom(), later(bar.from, move.days), bar.from)}
        {date(w.newTo(), later(bar.to, move.days), bar.to)}
        <button type="button" onClick={() => put(move.days - 7)} aria-label={w.moveBy({ days: signed(-7) })}>
          {signed(-7)}
        </button>
        <button type="button" onClick={() => put(move.days + 7)} aria-label={w.moveBy({ days: signed(7) })}>
          {signed(7)}
        </button>
      </div>
      <p className="small faint" aria-live="polite">
        {move.days === 0 ? w.moveNot() : w.moveBy({ days: signed(move.days) })}
      </p>
      {hindrance ? (
        <p className="faint small">{hindrance}</p>
      ) : (
        <>
          <label className="field">
            {w.runName()}
            <input name="run" required maxLength={60} pattern="[A-Za-z0-9_\-]+" autoComplete="off" defaultValue={nameOf(name, move, taken)} />
          </label>
          {trouble && (
            <p className="critical" role="alert">
              {trouble}
            </p>
          )}
          <div className="row">
            <button className="primary" disabled={isBusy || move.days === 0}>
              {w.simulate()}
            </button>
            <button type="button" onClick={() => setMove(null)}>
              {w.back()}
            </button>
          </div>
        </>
      )}
    </form>
  );
}

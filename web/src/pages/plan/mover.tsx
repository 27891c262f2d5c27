// A harvest on other days: two days, a name for the run, and the simulation of it.

import { useState } from "react";
import { answered, api } from "../../api/client";
import { Panel } from "../../parts/panel";
import { reason } from "../../parts/problem";
import { list, text } from "../../text/lang";
import { amountOf, signed } from "./chart";
import { moveOf, nameOf, room, within, type Bar, type Move, type Plan, type Row } from "./gantt";
import { dayOf, later } from "./time";
import { w } from "./words";

interface Props {
  plan: Plan;
  /** Name of the plan. */
  name: string;
  rows: Row[];
  moves: readonly Move[];
  /** The bar that is chosen. */
  chosen: string;
  setMove: (bar: Bar, move: Move) => void;
  /** Everything as planned again. */
  clear: () => void;
  /** Names of runs and jobs that there are. */
  taken: string[];
  /** Why nothing can be begun; blank where it can. */
  hindrance: string;
  /** A run was begun. */
  begun: (run: string) => void;
}

export function Mover({ rows, chosen, ...rest }: Props) {
  const row = rows.find((one) => one.of === "harvest" && one.bars.some((bar) => bar.key === chosen));
  const bar = row?.bars.find((one) => one.key === chosen);
  return (
    <Panel title={w.move()}>
      {row && bar ? (
        <Form key={`${bar.key} ${rest.moves.map((one) => one.days).join(" ")}`} {...rest} row={row} bar={bar} />
      ) : (
        <p className="faint">{w.moveNone()}</p>
      )}
    </Panel>
  );
}

type FormProps = Omit<Props, "rows" | "chosen"> & { row: Row; bar: Bar };

function Form({ plan, name, row, bar, moves, setMove, clear, taken, hindrance, begun }: FormProps) {
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const move = moveOf(moves, row.id, bar) ?? { id: row.id, from: bar.from, to: bar.to, days: 0 };
  const others = moves.filter((one) => one !== move);
  const put = (days: number) => setMove(bar, { ...move, days: within(days, room(plan, bar)) });
  const simulate = async (form: FormData) => {
    const run = String(form.get("run"));
    setBusy(true);
    try {
      await answered(api.POST("/api/jobs", { body: { kind: "simulate", name: run, schedule: name, from: plan.from, to: plan.to, shifts: [...moves] } }));
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
        {others.length > 0 && ` ${w.moveOthers({ list: list(others.map((one) => w.shifted({ id: one.id, days: signed(one.days) }))) })}`}
      </p>
      {hindrance ? (
        <p className="faint small">{hindrance}</p>
      ) : (
        <>
          <label className="field">
            {w.runName()}
            <input name="run" required maxLength={60} pattern="[A-Za-z0-9_\-]+" autoComplete="off" defaultValue={nameOf(name, moves, taken)} />
          </label>
          {trouble && (
            <p className="critical" role="alert">
              {trouble}
            </p>
          )}
          <div className="row">
            <button className="primary" disabled={isBusy || moves.length === 0}>
              {w.simulate()}
            </button>
            <button type="button" onClick={clear}>
              {w.back()}
            </button>
          </div>
        </>
      )}
    </form>
  );
}

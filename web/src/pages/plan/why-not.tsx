// Why not? The reason for what a plan leaves undone, with the row of the folder that it leads to.

import { Panel } from "../../parts/panel";
import { percent, text } from "../../text/lang";
import { BindsTable } from "./binds";
import type { Of, Plan, Row } from "./gantt";
import { said } from "./rows-of";
import { textOf } from "./time";
import { answer, type Question } from "./why";
import { w } from "./words";

/** Limits told beside a reason. */
const TOLD = 3;

function Said({ plan, question }: { plan: Plan; question: Question }) {
  const found = answer(plan, question);
  if (found.is === "outside") return <p>{w.whyOutside()}</p>;
  if (found.is === "not-asked") return <p>{w.whyNotAsked()}</p>;
  if (found.is === "no-reasons") return <p>{w.whyNoReasons()}</p>;
  return (
    <>
      {found.is === "full" ? (
        <p>{w.whyFull()}</p>
      ) : (
        <>
          <p>
            <b>{text(found.undone.why)}</b>
          </p>
          <p className="faint small">
            {[`${found.undone.from} – ${found.undone.to}`, found.undone.left == null ? "" : w.whyLeft({ share: percent(found.undone.left) }), `${w.rowOf()}: ${said(found.undone.places)}`]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <p className="faint small">{w.whyTry()}</p>
        </>
      )}
      {found.binds.length > 0 && (
        <>
          <h3 className="small faint">{w.whyBinds()}</h3>
          <BindsTable plan={plan} binds={found.binds.slice(0, TOLD)} />
        </>
      )}
    </>
  );
}

interface Props {
  plan: Plan;
  rows: Row[];
  /** The plant's day. */
  today: number;
  question: Question | null;
  ask: (of: Of, id: string, day: string) => void;
}

export function WhyNot({ plan, rows, today, question, ask }: Props) {
  // Harvests of the base that the plan was not asked about can be asked for as well.
  const others = plan.harvests.filter((harvest) => !rows.some((row) => row.of === "harvest" && row.id === harvest.id));
  const choices = [
    ...rows.map((row) => ({ of: row.of, id: row.id, name: text(row.name) })),
    ...others.map((harvest) => ({ of: "harvest" as Of, id: harvest.id, name: text(harvest.name) })),
  ];
  const first = choices[0];
  if (!first) return null;
  const now = question ?? { of: first.of, id: first.id, day: plan.from <= textOf(today) && textOf(today) <= plan.to ? textOf(today) : plan.to };
  const label = (one: (typeof choices)[number]) => (one.of === "harvest" ? w.harvestOf(one) : one.of === "flow" ? w.flowOf(one) : `${one.name} (${one.id})`);
  return (
    <Panel title={w.whyNot()}>
      <div className="row">
        <label className="field">
          {w.whyWhat()}
          <select
            value={`${now.of} ${now.id}`}
            onChange={(event) => {
              const chosen = choices.find((one) => `${one.of} ${one.id}` === event.target.value);
              if (chosen) ask(chosen.of, chosen.id, now.day);
            }}
          >
            {choices.map((one) => (
              <option key={`${one.of} ${one.id}`} value={`${one.of} ${one.id}`}>
                {label(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {w.whyDay()}
          <input type="date" value={now.day} min={plan.from} max={plan.to} onChange={(event) => event.target.value && ask(now.of, now.id, event.target.value)} />
        </label>
      </div>
      <div className="stack" aria-live="polite">
        <Said plan={plan} question={now} />
      </div>
    </Panel>
  );
}

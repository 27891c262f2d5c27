// One analysis: its figures, what is doubted about them and why, and what a person decides.

import { answered, api, type Schema } from "../../../api/client";
import { GOOD, USABLE } from "../../../live/store";
import type { Question } from "../../../parts/ask";
import { Panel } from "../../../parts/panel";
import { usePark } from "../../../session";
import { clockTime, dateTime, number, text, unit } from "../../../text/lang";
import { stateOf, type Analysis } from "./desk";
import { w } from "./words";

type Told = NonNullable<Analysis["judgement"]>;

function Figures({ figures }: { figures: Schema["Figure"][] }) {
  const { byId } = usePark();
  const said = (quality: number) => (quality >= GOOD ? w.good() : quality >= USABLE ? w.uncertain() : w.bad());
  return (
    <table>
      <thead>
        <tr>
          <th>{w.figure()}</th>
          <th className="number">{w.value()}</th>
          <th className="number">{w.implied()}</th>
          <th>{w.unit()}</th>
          <th>{w.quality()}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.tag}>
            <td title={text(byId.get(figure.tag)?.name ?? { en: figure.tag, zh: figure.tag })}>{figure.component}</td>
            <td className="number">{number(figure.value, 5)}</td>
            <td className="number">{figure.implied == null ? "" : number(figure.implied, 5)}</td>
            <td>{unit(figure.unit)}</td>
            <td className={figure.quality >= GOOD ? "faint" : "high"}>{said(figure.quality)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Balance({ told, judged_ms }: { told: Told; judged_ms: number }) {
  const of = (value: number | null | undefined, unit: string) => (value == null ? null : `${number(value, 3)} ${unit}`);
  const rows: [string, string | null][] = [
    [w.charge(), of(told.charge_error_percent, "%")],
    [w.measured(), of(told.density_kg_m3, "kg/m³")],
    [w.density(), of(told.density_error_kg_m3, "kg/m³")],
    [w.disagreement(), w.atMost({ found: number(told.chi_squared, 3), limit: number(told.limit, 3) })],
    [w.judged(), dateTime(judged_ms)],
  ];
  return (
    <dl className="said small">
      {rows.map(([name, value]) => value && [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
    </dl>
  );
}

interface Props {
  analysis: Analysis;
  name: string;
  ask: (question: Question) => void;
  again: () => void;
}

export function OneAnalysis({ analysis, name, ask, again }: Props) {
  const { may } = usePark();
  const { judgement: told, decision, asset, time_ms } = analysis;
  const state = stateOf(analysis);
  const decide = (accepted: boolean, title: string) =>
    ask({ title, work: (why) => answered(api.POST("/api/assays/decision", { body: { asset, time: time_ms, accepted, why } })).then(again) });
  return (
    <Panel title={`${name}, ${clockTime(time_ms)}`}>
      {!told && <p>{w.unread()}</p>}
      {told && <Figures figures={told.figures} />}
      {told && told.reasons.length > 0 && (
        <>
          <h3>{w.reasons()}</h3>
          <ul className="stack">
            {told.reasons.map((reason) => (
              <li key={reason.en}>{text(reason)}</li>
            ))}
          </ul>
        </>
      )}
      {told && <Balance told={told} judged_ms={analysis.judged_ms} />}
      {decision && (
        <p>
          <b>{w.decision()}</b>
          {`: ${state === "accepted" ? w.accepted({ who: decision.who }) : w.rejected({ who: decision.who })} – ${decision.why} `}
          <span className="faint small">{dateTime(decision.decided_ms)}</span>
        </p>
      )}
      {state !== "fits" && may("answer") && (
        <div className="row">
          <button type="button" onClick={() => decide(true, w.holdTitle({ asset: name }))}>
            {w.hold()}
          </button>
          <button type="button" onClick={() => decide(false, w.discardTitle({ asset: name }))}>
            {w.discard()}
          </button>
        </div>
      )}
    </Panel>
  );
}

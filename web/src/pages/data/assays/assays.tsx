// The assay desk: what the laboratory brought, what is doubted about it, and what people decided.

import { useState } from "react";
import { useSearchParams } from "wouter";
import { answered, api } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Ask, type Question } from "../../../parts/ask";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { usePark } from "../../../session";
import { dateTime, text } from "../../../text/lang";
import { OneAnalysis } from "./analysis";
import { inOrder, keyOf, stateOf, type Analysis } from "./desk";
import { Enter } from "./enter";
import { w } from "./words";

function Row({ analysis, name, isChosen, choose }: { analysis: Analysis; name: string; isChosen: boolean; choose: () => void }) {
  const state = stateOf(analysis);
  const who = analysis.decision?.who ?? "";
  return (
    <tr className={isChosen ? "marked" : ""}>
      <td>
        <button type="button" className="link" aria-label={w.show({ asset: name })} aria-pressed={isChosen} onClick={choose}>
          {name}
        </button>
      </td>
      <td className="number">{dateTime(analysis.time_ms)}</td>
      <td className={state === "open" ? "high" : "faint"}>{w[state]({ who })}</td>
    </tr>
  );
}

export default function Assays() {
  const { base, may } = usePark();
  const [search, setSearch] = useSearchParams();
  const [question, setQuestion] = useState<Question | null>(null);
  const asked = useAsked(() => answered(api.GET("/api/assays")), [], 4000);
  const all = inOrder(asked.data ?? []);
  const open = all.filter((analysis) => stateOf(analysis) === "open").length;
  const chosen = all.find((analysis) => keyOf(analysis) === search.get("of")) ?? all[0];
  const name = (id: string) => text(base.assets.find((asset) => asset.id === id)?.name ?? { en: id, zh: id });
  return (
    <>
      <div className="broad">
        <div className="stack apart">
          <Panel title={w.analyses()} aside={open > 0 && <b className="high small">{w.waiting({ count: open })}</b>}>
            {!asked.data && asked.isAsking && <Loading />}
            <Problem error={asked.error} again={asked.again} />
            {asked.data && all.length === 0 && <p className="faint">{w.none()}</p>}
            {all.length > 0 && (
              <div className="scroll" style={{ maxHeight: "60vh" }} tabIndex={0} role="group" aria-label={w.analyses()}>
                <table>
                  <thead>
                    <tr>
                      <th>{w.asset()}</th>
                      <th className="number">{w.time()}</th>
                      <th>{w.state()}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {all.map((analysis) => (
                      <Row
                        key={keyOf(analysis)}
                        analysis={analysis}
                        name={name(analysis.asset)}
                        isChosen={analysis === chosen}
                        choose={() => setSearch({ of: keyOf(analysis) }, { replace: true })}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Panel>
          {may("answer") && <Enter done={asked.again} />}
        </div>
        {chosen && <OneAnalysis analysis={chosen} name={name(chosen.asset)} ask={setQuestion} again={asked.again} />}
      </div>
      {question && <Ask question={question} close={() => setQuestion(null)} />}
    </>
  );
}

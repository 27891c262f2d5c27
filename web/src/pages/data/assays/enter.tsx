// The figures of an analysis, entered by hand.

import { useState, type FormEvent } from "react";
import { answered, api, type Tag } from "../../../api/client";
import { plantNow } from "../../../live/clock";
import { Panel } from "../../../parts/panel";
import { reason } from "../../../parts/problem";
import { usePark } from "../../../session";
import { text, unit } from "../../../text/lang";
import { byLaboratory, figuresOf, fromField, toField } from "./desk";
import { Import } from "./import";
import { w } from "./words";

function Figure({ tag }: { tag: Tag }) {
  return (
    <label className="field">
      <span title={text(tag.name)}>{`${tag.component ?? text(tag.name)} [${unit(tag.unit)}]`}</span>
      <input name={tag.id} type="number" step="any" inputMode="decimal" min={tag.low ?? undefined} max={tag.high ?? undefined} />
    </label>
  );
}

interface Said {
  isTrouble: boolean;
  text: string;
}

async function send(tags: Tag[], form: FormData, offsetH: number): Promise<Said> {
  const time = fromField(String(form.get("time")), offsetH);
  const figures = figuresOf(tags, (id) => String(form.get(id) ?? ""));
  if (figures.length === 0) return { isTrouble: true, text: w.nothing() };
  const taken = await answered(api.POST("/api/assays", { body: { time, figures } }));
  return { isTrouble: false, text: w.stored({ count: taken.stored }) };
}

export function Enter({ done }: { done: () => void }) {
  const { base, byAsset } = usePark();
  const fillable = byLaboratory(byAsset);
  const assets = base.assets.filter(({ id }) => fillable.has(id));
  const [asset, setAsset] = useState(assets[0]?.id ?? "");
  const [said, setSaid] = useState<Said | null>(null);
  const [start] = useState(() => toField(plantNow(), base.utc_offset_h));
  const tags = fillable.get(asset) ?? [];

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      const said = await send(tags, new FormData(form), base.utc_offset_h);
      setSaid(said);
      if (!said.isTrouble) form.reset();
      done();
    } catch (error) {
      setSaid({ isTrouble: true, text: reason(error) });
    }
  };

  if (assets.length === 0) {
    return (
      <Panel title={w.enter()} className="enter">
        <p className="faint">{w.noAssets()}</p>
      </Panel>
    );
  }
  return (
    <Panel title={w.enter()} className="enter" aside={<Import done={done} />}>
      <form className="sheet" onSubmit={submit}>
        <div className="fields of">
          <label className="field">
            {w.asset()}
            <select value={asset} onChange={(event) => setAsset(event.target.value)}>
              {assets.map(({ id, name }) => (
                <option key={id} value={id}>
                  {text(name)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            {w.when()}
            <input name="time" type="datetime-local" defaultValue={start} required />
          </label>
        </div>
        <div className="fields" key={asset}>
          {tags.map((tag) => (
            <Figure key={tag.id} tag={tag} />
          ))}
        </div>
        <p className="faint small">{w.blank()}</p>
        {said && (
          <p className={said.isTrouble ? "critical" : ""} role={said.isTrouble ? "alert" : "status"}>
            {said.text}
          </p>
        )}
        <div className="row">
          <button className="primary">{w.send()}</button>
        </div>
      </form>
    </Panel>
  );
}

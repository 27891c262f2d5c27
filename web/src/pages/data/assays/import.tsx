// Analyses from a laboratory's sheet: pasted or from a file, looked through before any is stored.

import { useMemo, useState } from "react";
import { answered, api } from "../../../api/client";
import { Dialog } from "../../../parts/dialog";
import { reason } from "../../../parts/problem";
import { usePark } from "../../../session";
import { number, text as inLanguage } from "../../../text/lang";
import { byLaboratory } from "./desk";
import { readSheet, type Wrong } from "./rows";
import { w } from "./words";

/** Mistakes that are told at once. */
const TOLD = 8;

function Mistakes({ wrong }: { wrong: Wrong[] }) {
  const why = { time: w.wrongTime, where: w.wrongWhere, number: w.wrongNumber, tag: w.wrongTag, unit: w.wrongUnit, nothing: w.wrongNothing, head: w.wrongHead };
  return (
    <ul className="critical small" role="alert">
      {wrong.slice(0, TOLD).map(({ row, column, value, why: what }) => (
        <li key={`${row} ${column} ${what}`}>{`${w.placeOf({ row, column })} ${value ? `“${value}” ` : ""}${why[what]()}`}</li>
      ))}
      {wrong.length > TOLD && <li>{w.wrongMore({ count: wrong.length - TOLD })}</li>}
    </ul>
  );
}

function Sheet({ close, done }: { close: () => void; done: () => void }) {
  const { base, byAsset } = usePark();
  const [said, setSaid] = useState("");
  const [stored, setStored] = useState(0);
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const fillable = useMemo(() => byLaboratory(byAsset), [byAsset]);
  const sheet = useMemo(() => {
    const names = (id: string) => {
      const asset = base.assets.find((one) => one.id === id);
      return asset ? [asset.name.en, asset.name.zh, ...(asset.node ? [asset.node] : [])] : [];
    };
    return said.trim() === "" ? null : readSheet(said, fillable, names, base.utc_offset_h);
  }, [said, base, fillable]);
  const isGood = sheet !== null && sheet.wrong.length === 0 && sheet.analyses.length > 0;
  const figures = sheet?.analyses.reduce((sum, one) => sum + one.figures.length, 0) ?? 0;

  const store = async () => {
    setBusy(true);
    setTrouble("");
    let at = 0;
    try {
      for (const analysis of sheet!.analyses) {
        await answered(api.POST("/api/assays", { body: { time: analysis.time_ms, figures: analysis.figures } }));
        at += 1;
        setStored(at);
      }
      done();
      close();
    } catch (error) {
      // The same figures again are the same figures: whoever tries again loses and doubles nothing.
      setTrouble(w.importStopped({ row: sheet!.analyses[at]!.row, stored: at, reason: reason(error) }));
      done();
      setBusy(false);
    }
  };

  return (
    <Dialog title={w.import()} close={close}>
        <p className="faint small">{w.importWhy({ example: inLanguage(base.assets.find(({ id }) => fillable.has(id))?.name ?? { en: "c1", zh: "c1" }) })}</p>
        <label className="field">
          {w.importFile()}
          <input type="file" accept=".csv,.tsv,.txt,text/csv" onChange={(event) => void event.target.files?.[0]?.text().then(setSaid)} />
        </label>
        <label className="field">
          {w.importPaste()}
          <textarea rows={8} value={said} spellCheck={false} onChange={(event) => setSaid(event.target.value)} />
        </label>
        {sheet && sheet.wrong.length > 0 && <Mistakes wrong={sheet.wrong} />}
        {isGood && <p role="status">{isBusy ? w.importing({ stored: number(stored), count: number(sheet.analyses.length) }) : w.importGood({ count: number(sheet.analyses.length), figures: number(figures) })}</p>}
        {isBusy && isGood && <progress value={stored} max={sheet.analyses.length} aria-label={w.import()} />}
        {trouble && (
          <p className="critical" role="alert">
            {trouble}
          </p>
        )}
        <div className="row">
          <button type="button" className="primary" disabled={!isGood || isBusy} onClick={() => void store()}>
            {w.importStore()}
          </button>
          <button type="button" onClick={close}>
            {w.importClose()}
          </button>
        </div>
    </Dialog>
  );
}

export function Import({ done }: { done: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {w.importOpen()}
      </button>
      {isOpen && <Sheet close={() => setOpen(false)} done={done} />}
    </>
  );
}

// One closing: its figures with their bands, beside the plan, and what became of them.

import { useState } from "react";
import { Link } from "wouter";
import { answered, api, type Schema } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Ask, type Question } from "../../../parts/ask";
import { FormDialog } from "../../../parts/form-dialog";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { usePark, type Park } from "../../../session";
import { number, text, unit } from "../../../text/lang";
import { Problems } from "../problems";
import { changed, periodOf, said, shown, type Figure } from "./figures";
import { w } from "./words";

type Closing = Schema["ClosingView"];

const KINDS = { shift: w.shiftOf, day: w.dayOf, month: w.monthOf };

/** The name of a figure in the page's language. */
function nameOf(park: Park, id: string): string {
  const { of, quantity, member } = said(id);
  const plain = w[quantity as "volume"]?.() ?? quantity;
  const whole = member ? w.withElement({ quantity: plain, element: member }) : plain;
  if (!of) return whole.charAt(0).toUpperCase() + whole.slice(1);
  const asset = (node: string) => park.base.assets.find((asset) => asset.id === (park.assetOf.get(node) ?? node))?.name;
  const label = park.byId.get(of)?.name ?? asset(of) ?? asset(of.split(".")[0] ?? "");
  return w.of({ quantity: whole, name: label ? text(label) : of });
}

/** Columns that only some closings fill. */
const MORE = {
  band: { name: w.band, isWide: true, of: ({ low, high }: Figure) => (low == null || high == null ? "" : w.bandOf({ low: number(low), high: number(high) })) },
  planned: { name: w.planned, isWide: true, of: ({ planned }: Figure) => (planned == null ? "" : number(planned, 6)) },
  difference: { name: w.difference, isWide: false, of: ({ difference }: Figure) => (difference == null ? "" : `${difference > 0 ? "+" : ""}${number(difference)}`) },
  now: { name: w.now, isWide: false, of: ({ now }: Figure) => (now == null ? "" : `≠ ${number(now, 6)}`) },
};
type Column = keyof typeof MORE;
const COLUMNS = Object.keys(MORE) as Column[];

const className = (column: Column): string => `number ${MORE[column].isWide ? "wide" : ""} ${column === "now" ? "high" : ""}`;

function Row({ figure, name, columns }: { figure: Figure; name: string; columns: Column[] }) {
  // A meter that was heard all the time is as it should be.
  const isWhole = said(figure.id).quantity === "good" && figure.value === 100;
  return (
    <tr className={isWhole ? "faint" : ""}>
      <td>
        {name}
        <div className="faint code">{figure.id}</div>
        {figure.restatements.map((r, i) => (
          <div key={i} className="small">
            {w.was({ on: r.on, by: r.by, old: number(r.old, 6), new: number(r.new, 6), why: r.why })}
          </div>
        ))}
      </td>
      <td className="number">{number(figure.value, 6)}</td>
      <td>{unit(figure.unit) === "-" ? "" : unit(figure.unit)}</td>
      {columns.map((column) => (
        <td key={column} className={className(column)}>
          {MORE[column].of(figure)}
        </td>
      ))}
    </tr>
  );
}

function Figures({ figures }: { figures: Figure[] }) {
  const park = usePark();
  const [wanted, setWanted] = useState("");
  const [onlyMoved, setOnlyMoved] = useState(false);
  const name = (id: string) => nameOf(park, id);
  const rows = shown(figures, wanted, onlyMoved, name);
  const columns = COLUMNS.filter((column) => figures.some((figure) => MORE[column].of(figure) !== ""));
  return (
    <>
      <div className="row">
        <input type="search" aria-label={w.find()} placeholder={w.find()} value={wanted} onChange={(event) => setWanted(event.target.value)} />
        <label className="row small">
          <input type="checkbox" checked={onlyMoved} onChange={(event) => setOnlyMoved(event.target.checked)} />
          {w.onlyMoved()}
        </label>
      </div>
      {rows.length === 0 && <p className="faint">{w.none()}</p>}
      {rows.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>{w.figure()}</th>
                <th className="number">{w.value()}</th>
                <th>
                  <span className="hidden">{w.unit()}</span>
                </th>
                {columns.map((column) => (
                  <th key={column} className={className(column)}>
                    {MORE[column].name()}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((figure) => (
                <Row key={figure.id} figure={figure} name={name(figure.id)} columns={columns} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** The closing as the server writes it in CSV, handed to the browser as a file. */
async function download(id: string): Promise<void> {
  const response = await fetch(`/api/closings/${encodeURIComponent(id)}`, { headers: { accept: "text/csv" } });
  if (!response.ok) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `${id}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface Props {
  id: string;
  /** Where all are. */
  list: string;
  state: (head: Closing) => string;
}

export function OneClosing({ id, list, state }: Props) {
  const { may, who } = usePark();
  const [question, setQuestion] = useState<Question | null>(null);
  const [isLocking, setLocking] = useState(false);
  const path = { params: { path: { id } } };
  const asked = useAsked(() => answered(api.GET("/api/closings/{id}", path)) as Promise<Closing>, [id], 30_000);
  const closing = asked.data;
  const mayClose = may("arrange") && who.tenant == null;
  const others = changed(closing?.values ?? []);
  const lock = () => answered(api.POST("/api/closings/{id}/lock", path)).then(asked.again);
  const restate = () =>
    setQuestion({
      title: w.restateTitle({ count: others.length, id: periodOf(id) }),
      work: (why) => answered(api.POST("/api/closings/{id}/restatement", { ...path, body: { why } })).then(asked.again),
    });
  return (
    <>
      <p>
        <Link href={list}>{`← ${w.back()}`}</Link>
      </p>
      {!closing && asked.isAsking && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {closing && (
        <Panel
          title={w.one({ kind: KINDS[closing.kind as "shift"]?.() ?? closing.kind, id: periodOf(id) })}
          aside={
            <span className="row">
              <span className="small">{state(closing)}</span>
              {mayClose && !closing.locked && (
                <button type="button" onClick={() => setLocking(true)}>
                  {w.lock()}
                </button>
              )}
              {mayClose && closing.locked && others.length > 0 && (
                <button type="button" onClick={restate}>
                  {w.restate({ count: others.length })}
                </button>
              )}
              <button type="button" onClick={() => void download(id)}>
                {w.csv()}
              </button>
            </span>
          }
        >
          <Problems problems={closing.problems} />
          <Figures figures={closing.values} />
        </Panel>
      )}
      {question && <Ask question={question} close={() => setQuestion(null)} />}
      {isLocking && (
        <FormDialog title={w.lockTitle({ id: periodOf(id) })} deed={w.lock()} work={lock} close={() => setLocking(false)}>
          <p>{w.lockWhy()}</p>
        </FormDialog>
      )}
    </>
  );
}

// The tables of a run, each as a file for spreadsheets, pandas or DuckDB.

import { useState } from "react";
import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Dialog } from "../../parts/dialog";
import { Loading, Problem } from "../../parts/problem";
import { w } from "./words";

const FORMS = [["csv", "CSV"], ["parquet", "Parquet"]] as const;

function List({ run, close }: { run: string; close: () => void }) {
  const asked = useAsked(() => answered(api.GET("/api/runs/{name}", { params: { path: { name: run } } })), [run]);
  return (
    <Dialog title={w.tablesOf({ run })} close={close}>
        {asked.isAsking && !asked.data && <Loading />}
        <Problem error={asked.error} again={asked.again} />
        <table>
          <thead>
            <tr>
              <th>{w.table()}</th>
              <th>{w.asFile()}</th>
            </tr>
          </thead>
          <tbody>
            {asked.data?.tables.map((table) => (
              <tr key={table}>
                <td>{table}</td>
                <td>
                  <span className="row">
                    {FORMS.map(([form, name]) => (
                      <a key={form} download href={`/api/runs/${encodeURIComponent(run)}/tables/${encodeURIComponent(table)}?form=${form}`}>
                        {name}
                      </a>
                    ))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="row">
          <button type="button" onClick={close}>
            {w.close()}
          </button>
        </div>
    </Dialog>
  );
}

export function Tables({ run }: { run: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {w.tables()}
      </button>
      {isOpen && <List run={run} close={() => setOpen(false)} />}
    </>
  );
}

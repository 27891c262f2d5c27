// A back-up, made when somebody asks for one.

import { useState } from "react";
import { answered, api } from "../../../api/client";
import { FormDialog } from "../../../parts/form-dialog";
import { Panel } from "../../../parts/panel";
import { w } from "./words";

export function BackUp() {
  const [isAsking, setAsking] = useState(false);
  const [folder, setFolder] = useState("");
  const make = async (form: FormData) => {
    const name = String(form.get("name")).trim();
    const made = await answered(api.POST("/api/backup", { body: { name: name || null } }));
    setFolder(made.folder);
  };
  return (
    <Panel
      title={w.backup()}
      aside={
        <button type="button" onClick={() => setAsking(true)}>
          {w.backupNow()}
        </button>
      }
    >
      <p className="faint">{w.backupWhy()}</p>
      {folder && (
        <p role="status" style={{ overflowWrap: "anywhere" }}>
          {w.backedUp({ folder })}
        </p>
      )}
      {isAsking && (
        <FormDialog title={w.backupNow()} deed={w.backupNow()} work={make} close={() => setAsking(false)}>
          <label className="field">
            {w.backupName()}
            <input name="name" pattern="[A-Za-z0-9_\-]*" maxLength={64} autoFocus autoComplete="off" />
          </label>
        </FormDialog>
      )}
    </Panel>
  );
}

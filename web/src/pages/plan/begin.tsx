// Asking for a plan of production.

import { answered, api } from "../../api/client";
import { FormDialog } from "../../parts/form-dialog";
import { w } from "./words";

export function Begin({ close, begun }: { close: () => void; begun: (run: string) => void }) {
  const begin = async (form: FormData) => {
    const name = String(form.get("name"));
    await answered(api.POST("/api/jobs", { body: { kind: "production", name, to: String(form.get("to")) || null } }));
    begun(name);
  };
  return (
    <FormDialog title={w.beginTitle()} deed={w.go()} work={begin} close={close}>
      <p className="faint small">{w.beginWhy()}</p>
      <label className="field">
        {w.name()}
        <input name="name" required maxLength={60} pattern="[A-Za-z0-9_\-]+" autoComplete="off" autoFocus />
      </label>
      <label className="field">
        {w.to()}
        <input name="to" type="date" />
      </label>
    </FormDialog>
  );
}

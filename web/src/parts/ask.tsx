// Asking a person for a reason, and perhaps a number, before something is done.

import { words } from "../text/words";
import { FormDialog } from "./form-dialog";

const w = words({
  why: ["Why?", "理由"],
  go: ["Go on", "确定"],
});

export interface Question {
  title: string;
  /** Asks for a number as well. */
  number?: { label: string; most: number; start: number };
  /** Does it; what it throws is shown, and the person may try again. */
  work: (why: string, number: number) => Promise<unknown>;
}

export function Ask({ question, close }: { question: Question; close: () => void }) {
  const { title, number, work } = question;
  return (
    <FormDialog title={title} deed={w.go()} work={(form) => work(String(form.get("why")), Number(form.get("number")))} close={close}>
      {number && (
        <label className="field">
          {number.label}
          <input name="number" type="number" min={0.1} max={number.most} step="any" defaultValue={number.start} required />
        </label>
      )}
      <label className="field">
        {w.why()}
        <input name="why" required autoFocus maxLength={500} />
      </label>
    </FormDialog>
  );
}

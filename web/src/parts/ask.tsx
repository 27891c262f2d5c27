// Asking a person for a reason, and perhaps a number, before something is done.

import { useEffect, useRef, useState, type FormEvent } from "react";
import { reason } from "./problem";
import { words } from "../text/words";

const w = words({
  why: ["Why?", "理由"],
  go: ["Go on", "确定"],
  cancel: ["Cancel", "取消"],
});

export interface Question {
  title: string;
  /** Asks for a number as well. */
  number?: { label: string; most: number; start: number };
  /** Does it; what it throws is shown, and the person may try again. */
  work: (why: string, number: number) => Promise<unknown>;
}

export function Ask({ question, close }: { question: Question; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await question.work(String(form.get("why")), Number(form.get("number")));
      close();
    } catch (error) {
      setTrouble(reason(error));
    }
  };

  return (
    <dialog ref={dialog} onClose={close} aria-label={question.title}>
      <form onSubmit={submit}>
        <h2>{question.title}</h2>
        {question.number && (
          <label className="field">
            {question.number.label}
            <input name="number" type="number" min={0.1} max={question.number.most} step="any" defaultValue={question.number.start} required />
          </label>
        )}
        <label className="field">
          {w.why()}
          <input name="why" required autoFocus maxLength={500} />
        </label>
        {trouble && (
          <p className="critical" role="alert">
            {trouble}
          </p>
        )}
        <div className="row">
          <button className="primary">{w.go()}</button>
          <button type="button" onClick={close}>
            {w.cancel()}
          </button>
        </div>
      </form>
    </dialog>
  );
}

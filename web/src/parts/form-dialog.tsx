// A dialog with a form: what was entered is tried, and what went wrong is said where it was entered.

import { useState, type FormEvent, type ReactNode } from "react";
import { words } from "../text/words";
import { Dialog } from "./dialog";
import { reason } from "./problem";

const w = words({
  cancel: ["Cancel", "取消"],
});

interface Props {
  title: string;
  /** What the button says that does it. */
  deed: string;
  /** Does it; what it throws is shown, and the person may try again. */
  work: (form: FormData) => Promise<unknown>;
  close: () => void;
  children: ReactNode;
}

export function FormDialog({ title, deed, work, close, children }: Props) {
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await work(form);
      close();
    } catch (error) {
      setTrouble(reason(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit}>
        {children}
        {trouble && (
          <p className="critical" role="alert">
            {trouble}
          </p>
        )}
        <div className="row">
          <button className="primary" disabled={isBusy}>
            {deed}
          </button>
          <button type="button" onClick={close}>
            {w.cancel()}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

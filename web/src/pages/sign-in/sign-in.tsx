// Signing in.

import { useState, type FormEvent } from "react";
import { answered, api } from "../../api/client";
import { LangSwitch } from "../../parts/switches";
import { Problem } from "../../parts/problem";
import { w } from "./words";

export function SignIn({ done }: { done: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const body = { name: String(form.get("name")), password: String(form.get("password")) };
      await answered(api.POST("/api/session", { body }));
      done();
    } catch (error) {
      setError(error);
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <form className="panel" onSubmit={submit}>
        <div>
          <h1>{w.title()}</h1>
          <p className="faint">{w.about()}</p>
        </div>
        <label className="field">
          {w.name()}
          <input name="name" autoComplete="username" required autoFocus />
        </label>
        <label className="field">
          {w.password()}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <Problem error={error} />
        <div className="row apart">
          <button className="primary" disabled={isBusy}>
            {w.go()}
          </button>
          <LangSwitch />
        </div>
      </form>
    </main>
  );
}

// Keys for programs: what each may do, in whose name and how long. The secret is seen once, when it is made.

import { useState } from "react";
import { answered, api } from "../../../api/client";
import { Dialog } from "../../../parts/dialog";
import { FormDialog } from "../../../parts/form-dialog";
import { Panel } from "../../../parts/panel";
import { usePark } from "../../../session";
import { dateTime } from "../../../text/lang";
import { inOrder, RIGHTS, rightsOf, stateOf, type Right, type Token, type User } from "./rights";
import { w } from "./words";

const scopesSaid = (scopes: readonly string[]): string => scopes.map((scope) => w[scope as Right]?.() ?? scope).join(" · ");

interface MakeProps {
  users: User[];
  close: () => void;
  made: (token: Token) => void;
}

function Make({ users, close, made }: MakeProps) {
  const { who } = usePark();
  const [user, setUser] = useState(who.name);
  const may = rightsOf(users.find(({ name }) => name === user)?.role ?? "");
  const make = async (form: FormData) => {
    const scopes = form.getAll("scope") as Right[];
    const body = { name: String(form.get("name")).trim(), user, scopes, days: Number(form.get("days")) };
    made(await answered(api.POST("/api/tokens", { body })));
  };
  return (
    <FormDialog title={w.addToken()} deed={w.make()} work={make} close={close}>
      <label className="field">
        {w.tokenFor()}
        <input name="name" required maxLength={64} autoFocus autoComplete="off" />
      </label>
      <label className="field">
        {w.user()}
        <select value={user} onChange={(event) => setUser(event.target.value)}>
          {users
            .filter(({ active }) => active)
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      </label>
      <fieldset className="stack">
        <legend className="faint small">{w.scopesOf()}</legend>
        {RIGHTS.map((right) => (
          <label key={right} className="row">
            <input type="checkbox" name="scope" value={right} disabled={!may.includes(right)} defaultChecked={right === "look"} />
            {w[right]()}
          </label>
        ))}
      </fieldset>
      <label className="field">
        {w.days()}
        <input name="days" type="number" min={1} max={366} defaultValue={90} required />
      </label>
    </FormDialog>
  );
}

function Secret({ token, close }: { token: Token; close: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard?.writeText(token.token ?? "").then(() => setCopied(true));
  return (
    <Dialog title={w.secret({ name: token.name })} close={close}>
        <p>{w.once()}</p>
        <p className="secret">{token.token}</p>
        <div className="row">
          <button type="button" onClick={() => void copy()}>
            {isCopied ? w.copied() : w.copy()}
          </button>
          <button type="button" className="primary" onClick={close}>
            {w.done()}
          </button>
        </div>
    </Dialog>
  );
}

function Row({ token, withdraw }: { token: Token; withdraw: () => void }) {
  const state = stateOf(token, Date.now());
  return (
    <tr>
      <td>{token.name}</td>
      <td>{token.user}</td>
      <td className="wide">{scopesSaid(token.scopes)}</td>
      <td className="number wide">{dateTime(token.ends_ms)}</td>
      <td className={state === "valid" ? "" : "faint"}>{w[state]()}</td>
      <td>
        {state === "valid" && (
          <button type="button" onClick={withdraw}>
            {w.withdraw()}
          </button>
        )}
      </td>
    </tr>
  );
}

interface Props {
  tokens: Token[];
  users: User[];
  again: () => void;
}

export function Tokens({ tokens, users, again }: Props) {
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const withdraw = (id: number) => answered(api.DELETE("/api/tokens/{id}", { params: { path: { id } } })).then(again);
  return (
    <Panel
      title={w.tokens()}
      aside={
        <button type="button" onClick={() => setMaking(true)}>
          {w.addToken()}
        </button>
      }
    >
      {tokens.length === 0 && <p className="faint">{w.noTokens()}</p>}
      {tokens.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>{w.tokenFor()}</th>
                <th>{w.user()}</th>
                <th className="wide">{w.scopes()}</th>
                <th className="number wide">{w.until()}</th>
                <th>{w.state()}</th>
                <th>
                  <span className="hidden">{w.acts()}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {inOrder(tokens, Date.now()).map((token) => (
                <Row key={token.id} token={token} withdraw={() => setLeaving(token)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isMaking && (
        <Make
          users={users}
          close={() => setMaking(false)}
          made={(token) => {
            setMade(token);
            again();
          }}
        />
      )}
      {made && <Secret token={made} close={() => setMade(null)} />}
      {leaving && (
        <FormDialog title={w.withdrawTitle({ name: leaving.name })} deed={w.withdraw()} work={() => withdraw(leaving.id)} close={() => setLeaving(null)}>
          <p>{w.withdrawWhy()}</p>
        </FormDialog>
      )}
    </Panel>
  );
}

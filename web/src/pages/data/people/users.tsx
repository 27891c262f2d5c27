// Who may come in, and as what.

import { useState } from "react";
import { answered, api } from "../../../api/client";
import { FormDialog } from "../../../parts/form-dialog";
import { Panel } from "../../../parts/panel";
import { usePark } from "../../../session";
import { day } from "../../../text/lang";
import { ROLES, type Role, type User } from "./rights";
import { w } from "./words";

/** Enterprises of the base: those that assets belong to. */
function useTenants(): string[] {
  const { base } = usePark();
  return [...new Set(base.assets.map((asset) => asset.tenant).filter((tenant) => tenant != null))].sort();
}

function RoleField({ value }: { value?: string }) {
  return (
    <label className="field">
      {w.role()}
      <select name="role" defaultValue={value ?? "viewer"}>
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {w[role]()}
          </option>
        ))}
      </select>
    </label>
  );
}

function PasswordField() {
  return (
    <label className="field">
      {w.password()}
      <input name="password" type="password" minLength={12} required autoComplete="new-password" />
    </label>
  );
}

function Add({ close, again }: { close: () => void; again: () => void }) {
  const { who } = usePark();
  const tenants = useTenants();
  const add = (form: FormData) => {
    const said = (name: string) => String(form.get(name) ?? "");
    const body = { name: said("name").trim(), password: said("password"), role: said("role"), tenant: said("tenant") || null };
    return answered(api.POST("/api/users", { body })).then(again);
  };
  return (
    <FormDialog title={w.addUser()} deed={w.add()} work={add} close={close}>
      <label className="field">
        {w.userName()}
        <input name="name" required maxLength={64} autoFocus autoComplete="off" />
      </label>
      <RoleField />
      <label className="field">
        {w.tenant()}
        <select name="tenant" defaultValue={who.tenant ?? ""}>
          {who.tenant == null && <option value="">{w.park()}</option>}
          {(who.tenant == null ? tenants : [who.tenant]).map((tenant) => (
            <option key={tenant} value={tenant}>
              {tenant}
            </option>
          ))}
        </select>
      </label>
      <PasswordField />
    </FormDialog>
  );
}

interface OfUser {
  user: User;
  close: () => void;
  again: () => void;
}

function Change({ user, close, again }: OfUser) {
  const path = { params: { path: { name: user.name } } };
  const change = (form: FormData) =>
    answered(api.PATCH("/api/users/{name}", { ...path, body: { role: String(form.get("role")), active: form.get("active") !== null } })).then(again);
  return (
    <FormDialog title={w.changeOf({ name: user.name })} deed={w.change()} work={change} close={close}>
      <RoleField value={user.role} />
      <label className="row">
        <input type="checkbox" name="active" defaultChecked={user.active} />
        {w.mayEnter()}
      </label>
      <p className="faint small">{w.ends({ name: user.name })}</p>
    </FormDialog>
  );
}

function NewPassword({ user, close, again }: OfUser) {
  const path = { params: { path: { name: user.name } } };
  const set = (form: FormData) => answered(api.PUT("/api/users/{name}/password", { ...path, body: { password: String(form.get("password")) } })).then(again);
  return (
    <FormDialog title={w.setPasswordOf({ name: user.name })} deed={w.setPassword()} work={set} close={close}>
      <PasswordField />
      <p className="faint small">{w.ends({ name: user.name })}</p>
    </FormDialog>
  );
}

function Row({ user, ask }: { user: User; ask: (asked: Asked) => void }) {
  const { who } = usePark();
  return (
    <tr>
      <td>
        {user.name}
        {user.name === who.name && <span className="faint small">{` (${w.you()})`}</span>}
      </td>
      <td>{w[user.role as Role]?.() ?? user.role}</td>
      <td className="wide">{user.tenant ?? w.park()}</td>
      <td className={user.active ? "faint" : "high"}>{user.active ? w.active() : w.closed()}</td>
      <td className="number wide">{day(user.created_ms)}</td>
      <td>
        <span className="row">
          <button type="button" onClick={() => ask({ what: "change", user })}>
            {w.change()}
          </button>
          <button type="button" onClick={() => ask({ what: "password", user })}>
            {w.setPassword()}
          </button>
        </span>
      </td>
    </tr>
  );
}

type Asked = { what: "add" } | { what: "change" | "password"; user: User };

export function Users({ users, again }: { users: User[]; again: () => void }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const rest = { close: () => setAsked(null), again };
  return (
    <Panel
      title={w.users()}
      aside={
        <button type="button" onClick={() => setAsked({ what: "add" })}>
          {w.addUser()}
        </button>
      }
    >
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>{w.name()}</th>
              <th>{w.role()}</th>
              <th className="wide">{w.tenant()}</th>
              <th>{w.state()}</th>
              <th className="number wide">{w.since()}</th>
              <th>
                <span className="hidden">{w.acts()}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <Row key={user.name} user={user} ask={setAsked} />
            ))}
          </tbody>
        </table>
      </div>
      {asked?.what === "add" && <Add {...rest} />}
      {asked?.what === "change" && <Change user={asked.user} {...rest} />}
      {asked?.what === "password" && <NewPassword user={asked.user} {...rest} />}
    </Panel>
  );
}

// A played plant: its pace, and what can be made to go wrong with it.
"use strict";

const faultNames = {
  leak: say("leak in a pond", "盐池渗漏"), stuck: say("instrument sticks", "仪表卡死"), drift: say("instrument drifts", "仪表漂移"),
  trip: say("pump trips", "泵跳停"), storm: say("rain storm", "暴雨"), down: say("connection lost", "通信中断"),
};
const faultUnits = { "1/d": say("its unit a day", "位号单位/天") };
const faultSizes = { leak: 2, drift: 0.001, storm: 20 };

(async () => {
  const [who, base, tags] = await Promise.all(["/api/session", "/api/base", "/api/tags"].map((path) => ask(path)));
  const mayPlay = who.rights.includes("arrange") && !who.tenant;
  const summary = node("summary", {});
  const body = node("div", { class: "row" });
  const panel = node("details", { id: "demo", class: "notice" }, summary, body);
  document.querySelector("main").before(panel);
  const problem = node("p", { role: "alert" });

  const targets = {
    pond: base.ponds.map((pond) => [pond.id, text(pond.name)]),
    link: base.links.map((link) => [link.id, link.id]),
    tag: tags.filter((tag) => /^(opcua|mqtt|modbus):/.test(tag.source)).map((tag) => [tag.id, text(tag.name)]),
    connection: [],
    "": [],
  };
  const kind = node("select", { "aria-label": say("Fault", "故障") });
  const target = node("select", { "aria-label": say("What it befalls", "对象") });
  const size = node("input", { type: "number", step: "any", "aria-label": say("How much", "大小"), style: "width:7em" });
  const sizeUnit = node("span", { class: "faint" });
  let kinds = [];

  const choose = () => {
    const chosen = kinds.find((one) => one.kind === kind.value);
    target.replaceChildren(...targets[chosen.befalls].map(([value, label]) => node("option", { value }, label)));
    target.hidden = !targets[chosen.befalls].length;
    size.hidden = chosen.unit === null;
    size.value = faultSizes[chosen.kind] ?? "";
    sizeUnit.textContent = chosen.unit === null ? "" : faultUnits[chosen.unit] ?? chosen.unit;
  };
  kind.addEventListener("change", choose);

  const attempt = async (work) => {
    problem.textContent = "";
    try { await work(); } catch (refused) { problem.textContent = refused.message; }
    await refresh();
  };
  const begin = node("button", { onclick: () => attempt(() => {
    const chosen = kinds.find((one) => one.kind === kind.value);
    return change("POST", "/api/demo/faults", {
      kind: chosen.kind,
      target: chosen.befalls ? target.value : "",
      size: chosen.unit === null ? null : size.valueAsNumber,
    });
  }) }, say("begin", "注入"));
  const pace = node("select", { "aria-label": say("Pace", "速度"), onchange: () => attempt(() => change("PUT", "/api/demo/speed", { speed: Number(pace.value) })) });
  const holding = node("ul", {});

  async function refresh() {
    const [demo, system] = await Promise.all(["/api/demo", "/api/system"].map((path) => ask(path)));
    setPlant(demo);
    targets.connection = system.connections.map((connection) => [connection.id, connection.id]);
    if (!kinds.length) {
      kinds = demo.kinds;
      kind.replaceChildren(...kinds.map((one) => node("option", { value: one.kind }, faultNames[one.kind] ?? one.kind)));
      choose();
    }
    const paces = [...new Set([1, 10, 60, 600, demo.speed])].filter((one) => one <= demo.fastest).sort((a, b) => a - b);
    pace.replaceChildren(...paces.map((one) => node("option", { value: one, selected: one === demo.speed }, `× ${one}`)));
    summary.textContent = `${say("A played plant: nothing here is real.", "演示工厂：所示均非真实数据。")} × ${number.format(demo.speed)}`
      + (demo.faults.length ? ` · ${demo.faults.length} ${say("faults", "个故障")}` : "");
    const one = (fault) => node("li", {}, `${faultNames[fault.kind] ?? fault.kind} ${fault.target} ${fault.size || ""} · ${clock.format(fault.from_ms)} `,
      mayPlay && node("button", { onclick: () => attempt(() => change("DELETE", `/api/demo/faults/${fault.number}`)) }, say("end", "解除")));
    holding.replaceChildren(...demo.faults.map(one));
    if (demo.trouble) problem.textContent = text(demo.trouble.message);
  }

  body.append(...(mayPlay ? [pace, kind, target, size, sizeUnit, begin] : []), holding, problem);
  await refresh();
  setInterval(() => { if (!panel.contains(document.activeElement)) refresh().catch(() => {}); }, 5000);
})();

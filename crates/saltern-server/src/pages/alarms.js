// Alarms: what asks for an answer, what is hidden, the journal, and how well the alarms themselves do.
"use strict";

let alarms = [];
let rights = [];
let byTag = new Map();

const phases = {
  unacknowledged: say("unanswered", "未确认"), acknowledged: say("acknowledged", "已确认"), returned: say("returned, unanswered", "已恢复未确认"),
  latched: say("latched", "锁存待复位"), normal: say("normal", "正常"),
};

async function act(alarm, deed, hours) {
  const why = deed === "acknowledge" ? say("seen", "已知悉") : prompt(say("Why?", "理由？"));
  if (!why) return;
  try {
    await change("POST", `/api/alarms/${encodeURIComponent(alarm.id)}/answer`, { deed, why, hours });
  } catch (refused) {
    alert(refused.message);
  }
  await refresh();
}

function shelve(alarm) {
  const hours = Number(prompt(say(`For how many hours? At most ${alarm.shelve_max_h}`, `搁置几小时？最长 ${alarm.shelve_max_h}`), "1"));
  if (hours > 0) act(alarm, "shelve", hours);
}

function actions(alarm) {
  const may = rights.includes("answer") && alarm.yours;
  const button = (label, work) => node("button", { onclick: work }, label);
  const all = [];
  if (!may) return all;
  if (["unacknowledged", "returned"].includes(alarm.phase)) all.push(button(say("Acknowledge", "确认"), () => act(alarm, "acknowledge")));
  if (alarm.unconfirmed) all.push(button(say("Done", "处置完毕"), () => act(alarm, "confirm")));
  if (alarm.phase === "latched") all.push(button(say("Reset", "复位"), () => act(alarm, "reset")));
  if (alarm.shelf !== "none") all.push(button(say("Unshelve", "取消搁置"), () => act(alarm, "unshelve")));
  else if (alarm.shelve_max_h > 0 && alarm.shown) all.push(button(say("Shelve", "搁置"), () => shelve(alarm)));
  return all;
}

function row(alarm) {
  const unanswered = ["unacknowledged", "returned"].includes(alarm.phase);
  const hidden = [alarm.shelf !== "none" && say("shelved", "已搁置"), alarm.suppressed && say("suppressed by design", "设计抑制"), alarm.out_of_service && say("out of service", "停用")].filter(Boolean);
  const tag = byTag.get(alarm.tag);
  return node("tr", { class: `${alarm.priority} ${unanswered ? "unanswered" : ""}` },
    node("td", {}, mark(alarm.priority)),
    node("td", { style: "color:var(--ink)" },
      node("a", { href: `/trend?tags=${alarm.tag}`, style: "color:inherit" }, text(alarm.name)),
      alarm.first_in_group ? node("span", { class: "faint" }, say(" · first of its group", " · 组内首发")) : null,
      node("div", { class: "faint" }, [phases[alarm.phase], ...hidden].join(" · "), alarm.limit === null || alarm.kind === "state" ? "" : ` · ${say("limit", "限值")} ${number.format(alarm.limit)} ${unit(tag?.unit ?? "")}`)),
    node("td", { class: "wide", style: "color:var(--ink)" }, node("b", {}, text(alarm.action)), node("div", { class: "faint" }, `${text(alarm.cause)} → ${text(alarm.consequence)}`)),
    node("td", { style: "color:var(--ink)" }, alarm.raised_ms === null ? "" : clock.format(alarm.raised_ms)),
    node("td", {}, node("div", { class: "actions", style: "color:var(--ink)" }, ...actions(alarm))));
}

function table(some, empty) {
  if (!some.length) return node("p", { class: "faint" }, empty);
  const headings = ["", say("Alarm", "报警"), say("What to do", "处置"), say("Since", "发生时间"), ""];
  return node("table", {}, node("thead", {}, node("tr", {}, ...headings.map((label, i) => node("th", { class: i === 2 ? "wide" : undefined }, label)))), node("tbody", {}, ...some.map(row)));
}

const figureNames = {
  per_day: say("announced a day", "日均报警数"), per_10_min: say("announced in 10 minutes", "每 10 分钟报警数"), busy_share: say("share of busy 10 minutes", "繁忙时段占比"),
  flood_share: say("share of time in flood", "报警洪水时间占比"), top_share: say("share of the ten worst", "前十报警占比"), chattering: say("chattering", "抖动报警"),
  stale: say("standing for a day", "长期未消除"), critical_share: say("share of critical", "紧急报警占比"),
};

async function refresh() {
  const [standing, journal] = await Promise.all([ask("/api/alarms"), ask(`/api/journal?most=200&from=${plantNow() - 7 * 86400e3}`)]);
  alarms = standing;
  document.getElementById("standing").replaceChildren(table(alarms.filter((alarm) => alarm.shown), say("Nothing asks for an answer.", "没有待处理的报警。")));
  document.getElementById("hidden").replaceChildren(table(alarms.filter((alarm) => !alarm.shown), say("Nothing is hidden.", "没有被隐藏的报警。")));
  document.getElementById("journal").replaceChildren(node("table", {}, node("tbody", {}, ...journal.reverse().map((line) => node("tr", {},
    node("td", {}, clock.format(line.time_ms)), node("td", {}, text(line.text)), node("td", {}, line.alarm ?? ""),
    node("td", { class: "number" }, line.value === null ? "" : number.format(line.value)), node("td", { class: "wide" }, [line.who, line.why].filter(Boolean).join(": ")))))));
}

(async () => {
  const [who, base, tags, figures] = await Promise.all(["/api/session", "/api/base", "/api/tags", "/api/alarms/figures"].map((path) => ask(path)));
  rights = who.rights;
  byTag = new Map(tags.map((tag) => [tag.id, tag]));
  await head(base, who);
  const section = (id, title) => node("section", {}, node("h2", {}, title), node("div", { id }));
  const judged = node("table", {}, node("tbody", {}, ...figures.map((figure) => node("tr", {},
    node("td", {}, figureNames[figure.figure] ?? figure.figure), node("td", { class: "number" }, figure.value === null ? "–" : number.format(figure.value)),
    node("td", { class: "number faint" }, `≤ ${number.format(figure.target)}`), node("td", {}, figure.meets ? "" : say("✗ above", "✗ 超标"))))));
  document.querySelector("main").append(
    section("standing", say("To be answered", "待处理")), section("hidden", say("Hidden", "已隐藏")),
    section("journal", say("Journal of the last 7 days", "最近 7 天日志")),
    node("section", {}, node("h2", {}, say("How well the alarms do (30 days; less says little)", "报警系统绩效（30 天，不足则参考意义有限）")), judged));
  await refresh();
  let due = false;
  const again = () => { if (due) return; due = true; setTimeout(async () => { due = false; await refresh(); }, 500); };
  follow({ journal: again, missed: again, base: again });
})();

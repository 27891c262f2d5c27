// What the pages share: language, asking the server, the head of the page, the live stream.
"use strict";

const zh = (localStorage.lang || navigator.language || "en").startsWith("zh");
document.documentElement.lang = zh ? "zh-CN" : "en";
// The text of the page's language; also for sentences and labels that come from the server.
const say = (en, chinese) => (zh ? chinese : en);
const text = (sentence) => (zh ? sentence.zh : sentence.en);

const number = new Intl.NumberFormat(zh ? "zh-CN" : "en", { maximumSignificantDigits: 5 });
const clock = new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});
const units = { degC: "°C", "g/cm3": "g/cm³", m3: "m³", "m3/s": "m³/s", "m3/h": "m³/h", "kg/m3": "kg/m³", "W/m2": "W/m²", "1": "" };
const unit = (symbol) => units[symbol] ?? symbol;
const isGood = (value) => value && value.value !== null && value.quality >= 64;

let guard = sessionStorage.guard;

// The plant's clock, which is not this machine's: that may be wrong, and a played plant has its own pace.
let plant = { now: Date.now(), at: performance.now(), speed: 1 };
const plantNow = () => plant.now + (performance.now() - plant.at) * plant.speed;
const setPlant = ({ now_ms: now, speed }) => { plant = { now, at: performance.now(), speed }; };

class Refused extends Error {
  constructor(problem) {
    super(text(problem.message));
    this.code = problem.code;
  }
}

async function ask(path, options = {}) {
  const response = await fetch(path, options);
  if (response.status === 401 && document.body.dataset.page !== "sign-in") {
    location.href = "/sign-in";
    throw new Error("signed out");
  }
  if (!response.ok) throw new Refused(await response.json());
  return response.status === 204 ? null : response.json();
}

async function change(method, path, body) {
  guard ??= (await ask("/api/session")).guard;
  return ask(path, {
    method,
    headers: { "content-type": "application/json", "x-saltern-guard": guard },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

// An element: node("td", { class: "number" }, "7", …).
function node(name, attributes = {}, ...children) {
  const svg = ["svg", "polygon", "text", "title"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

const letters = { critical: say("C", "紧"), high: say("H", "高"), medium: say("M", "中"), low: say("L", "低") };
const mark = (priority) => node("b", { class: `mark ${priority}`, title: priority }, node("span", {}, letters[priority]));

let stateShown;

async function head(base, who) {
  const here = document.body.dataset.page;
  const link = (page, path, label) => node("a", { href: path, "aria-current": here === page ? "page" : undefined }, label);
  setPlant(base);
  stateShown = node("span", { class: "state", role: "status" });
  document.title = `${text(base.name)} · Saltern`;
  document.querySelector("header").replaceChildren(
    node("h1", {}, text(base.name)),
    node("nav", {}, link("lake", "/", say("Lake", "盐湖")), link("trend", "/trend", say("Trend", "趋势")), link("alarms", "/alarms", say("Alarms", "报警"))),
    stateShown,
    node("span", { class: "faint" }, who.name),
    node("button", { onclick: () => { localStorage.lang = zh ? "en" : "zh-CN"; location.reload(); } }, say("中文", "English")),
    node("button", { onclick: async () => { await change("DELETE", "/api/session"); sessionStorage.clear(); location.href = "/sign-in"; } }, say("Sign out", "退出")),
  );
  // What can be done with a plant that is played is on every page of it.
  if (base.played && !document.getElementById("demo")) document.head.append(node("script", { src: "/demo.js" }));
}

// What is not measured is said wherever figures are shown.
function caveats(base) {
  return base.caveats.length ? [node("section", { class: "notice" }, base.caveats.map(text).join(" "))] : [];
}

// Follows the live stream; says plainly when it is gone, and comes back by itself.
function follow(on) {
  const source = new EventSource("/api/stream");
  for (const name of ["base", "values", "journal", "missed"]) {
    source.addEventListener(name, (event) => {
      on[name]?.(JSON.parse(event.data));
    });
  }
  source.addEventListener("ended", () => { location.href = "/sign-in"; });
  setInterval(() => {
    const gone = source.readyState !== EventSource.OPEN;
    document.body.classList.toggle("gone", gone);
    stateShown.classList.toggle("bad", gone);
    stateShown.textContent = gone
      ? say("No connection: nothing shown is live. Trying again …", "连接中断：所示均非实时数据。正在重试……")
      : `${say("live", "实时")} ${clock.format(plantNow())}`;
  }, 500);
}

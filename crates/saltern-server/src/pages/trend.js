// Trends of a few tags: least and greatest value of every pixel, so that no spike is lost, and the mean as a line.
"use strict";

const spans = [[3600, say("1 hour", "1 小时")], [86400, say("1 day", "1 天")], [7 * 86400, say("7 days", "7 天")], [30 * 86400, say("30 days", "30 天")], [365 * 86400, say("1 year", "1 年")]];
const asked = new URLSearchParams(location.search);
let chosen = (asked.get("tags") ?? "").split(",").filter(Boolean);
let span = Number(asked.get("span")) || 86400;
let end = null;
let tags = [];

const canvas = (tag) => node("canvas", { role: "img", "aria-label": text(tag.name) });
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

function plot(surface, trend, from, to) {
  const scale = devicePixelRatio || 1;
  surface.width = surface.clientWidth * scale;
  surface.height = surface.clientHeight * scale;
  const pen = surface.getContext("2d");
  pen.scale(scale, scale);
  const [width, height, left, right, top, bottom] = [surface.clientWidth, surface.clientHeight, 64, 12, 10, 24];
  const values = [...trend.min, ...trend.max].filter((value) => value !== null);
  pen.font = "12px system-ui, sans-serif";
  pen.fillStyle = colour("--faint");
  if (!values.length) {
    pen.fillText(say("no values in this span", "此时段无数据"), left, height / 2);
    return;
  }
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
  [low, high] = [low - margin, high + margin];
  const x = (ms) => left + ((ms - from) / (to - from)) * (width - left - right);
  const y = (value) => top + ((high - value) / (high - low)) * (height - top - bottom);
  pen.strokeStyle = colour("--line");
  pen.lineWidth = 1;
  const step = 10 ** Math.floor(Math.log10((high - low) / 4));
  const tick = [1, 2, 5, 10].map((n) => n * step).find((n) => (high - low) / n <= 6);
  pen.textAlign = "right";
  for (let value = Math.ceil(low / tick) * tick; value <= high; value += tick) {
    pen.beginPath();
    pen.moveTo(left, y(value));
    pen.lineTo(width - right, y(value));
    pen.stroke();
    pen.fillText(number.format(Number(value.toPrecision(10))), left - 6, y(value) + 4);
  }
  const times = Math.max(2, Math.min(6, Math.floor((width - left) / 150)));
  pen.textAlign = "center";
  const day = new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", to - from > 2 * 86400e3 ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", hour12: false });
  for (let i = 0; i < times; i++) {
    const at = from + ((i + 0.5) / times) * (to - from);
    pen.fillText(day.format(at), x(at), height - 7);
  }
  pen.fillStyle = colour("--brine-edge");
  pen.globalAlpha = 0.5;
  const next = (i) => trend.start_ms[i + 1] ?? to;
  trend.min.forEach((min, i) => {
    if (min === null) return;
    const [a, b] = [x(trend.start_ms[i]), Math.max(x(next(i)), x(trend.start_ms[i]) + 1)];
    pen.fillRect(a, y(trend.max[i]), b - a, Math.max(1, y(min) - y(trend.max[i])));
  });
  pen.globalAlpha = 1;
  pen.strokeStyle = colour("--ink");
  pen.lineWidth = 1.3;
  pen.beginPath();
  let drawing = false;
  trend.mean.forEach((mean, i) => {
    // A line does not bridge what was marked as a gap.
    if (mean === null) {
      if (trend.bad[i]) drawing = false;
      return;
    }
    const at = [x((trend.start_ms[i] + next(i)) / 2), y(mean)];
    if (drawing) pen.lineTo(...at);
    else pen.moveTo(...at);
    drawing = true;
  });
  pen.stroke();
  pen.fillStyle = colour("--high");
  trend.bad.forEach((bad, i) => { if (bad) pen.fillRect(x(trend.start_ms[i]), height - bottom - 4, 2, 4); });
}

async function draw() {
  const to = end ?? plantNow();
  const from = to - span * 1000;
  history.replaceState(null, "", `/trend?tags=${chosen.join(",")}&span=${span}`);
  await Promise.all(chosen.map(async (id) => {
    const tag = tags.find((tag) => tag.id === id);
    if (!tag) return;
    const surface = document.querySelector(`[data-tag="${CSS.escape(id)}"] canvas`);
    const buckets = Math.max(10, Math.min(2000, Math.floor(surface.clientWidth - 76)));
    try {
      plot(surface, await ask(`/api/tags/${encodeURIComponent(id)}/trend?from=${from}&to=${to}&buckets=${buckets}`), from, to);
    } catch (refused) {
      surface.replaceWith(node("p", { class: "notice" }, refused.message));
    }
  }));
}

function sheets() {
  const from = () => (end ?? plantNow()) - span * 1000;
  document.querySelector(".sheets").replaceChildren(...chosen.map((id) => {
    const tag = tags.find((tag) => tag.id === id);
    if (!tag) return node("section", { class: "notice" }, `${id}: ${say("not a tag that you may see", "没有您可查看的该位号")}`);
    return node("section", { "data-tag": id },
      node("h2", {}, `${text(tag.name)}${unit(tag.unit) ? ` [${unit(tag.unit)}]` : ""} `,
        node("button", { onclick: () => { location.href = `/api/tags/${encodeURIComponent(id)}/series?from=${from()}`; } }, "CSV"), " ",
        node("button", { "aria-label": `${say("remove", "移除")} ${id}`, onclick: () => { chosen = chosen.filter((other) => other !== id); sheets(); } }, "×")),
      canvas(tag));
  }));
  return draw();
}

(async () => {
  const [who, base, all] = await Promise.all(["/api/session", "/api/base", "/api/tags"].map((path) => ask(path)));
  tags = all;
  await head(base, who);
  if (!chosen.length) chosen = tags.filter((tag) => tag.quantity === "level").slice(0, 2).map((tag) => tag.id);
  const add = node("input", { list: "tags", "aria-label": say("Add a tag", "添加位号"), placeholder: say("add a tag", "添加位号"), onchange: () => {
    const id = add.value.trim();
    if (tags.some((tag) => tag.id === id) && !chosen.includes(id)) chosen.push(id);
    add.value = "";
    sheets();
  } });
  document.querySelector("main").append(
    ...caveats(base),
    node("form", { class: "row", onsubmit: (event) => event.preventDefault() },
      add, node("datalist", { id: "tags" }, ...tags.map((tag) => node("option", { value: tag.id }, text(tag.name)))),
      node("select", { "aria-label": say("Span", "时段"), onchange: (event) => { span = Number(event.target.value); draw(); } },
        ...spans.map(([seconds, label]) => node("option", { value: seconds, selected: seconds === span }, label))),
      node("button", { onclick: () => { end = (end ?? plantNow()) - span * 500; draw(); } }, say("← back", "← 向前")),
      node("button", { onclick: () => { end = (end ?? plantNow()) + span * 500; if (end > plantNow()) end = null; draw(); } }, say("forward →", "向后 →")),
      node("button", { onclick: () => { end = null; draw(); } }, say("now", "现在"))),
    node("div", { class: "sheets", style: "display:grid;gap:12px" }));
  await sheets();
  follow({});
  setInterval(() => { if (end === null && !document.body.classList.contains("gone")) draw(); }, Math.max(2000, span));
  addEventListener("resize", draw);
})();

// The lake: ponds on the map, a tile each with its values, what else is measured, what is wrong with the server.
"use strict";

const latest = new Map();
const shown = new Map();
let alarms = [];
let tags = [];

function value(tag) {
  const known = latest.get(tag.n);
  if (!known || known.value === null) return "–";
  return number.format(known.value);
}

function paint(tag) {
  for (const place of shown.get(tag.n) ?? []) {
    place.textContent = value(tag);
    place.classList.toggle("stale", !isGood(latest.get(tag.n)));
  }
}

function place(tag) {
  const made = node("dd", {}, value(tag));
  if (!shown.has(tag.n)) shown.set(tag.n, []);
  shown.get(tag.n).push(made);
  return made;
}

// Short names of tags within their tile: what comes after the colon of “Pond: level”.
const short = (tag) => text(tag.name).split(/[:：]\s*/).pop().replace(/^.*池(?=\S)/, "");

function worst(asset) {
  const rank = ["critical", "high", "medium", "low"];
  const own = alarms.filter((alarm) => alarm.shown && asset.tags.some((tag) => tag.id === alarm.tag));
  return own.map((alarm) => alarm.priority).sort((a, b) => rank.indexOf(a) - rank.indexOf(b))[0];
}

function tile(asset) {
  const worse = worst(asset);
  const level = asset.tags.find((tag) => tag.quantity === "level" && tag.high !== null);
  const bar = level && node("i", {});
  if (bar) {
    asset.draw = () => {
      const known = latest.get(level.n);
      const share = isGood(known) ? (known.value - level.low) / (level.high - level.low) : 0;
      bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
    };
    asset.draw();
  }
  return node("div", { class: "tile", id: `asset-${asset.id}` },
    node("h3", {}, node("a", { href: `/trend?tags=${asset.tags.slice(0, 4).map((tag) => tag.id).join(",")}` }, text(asset.name)), worse && mark(worse)),
    bar && node("div", { class: "meter" }, bar),
    node("dl", {}, ...asset.tags.flatMap((tag) => [node("dt", {}, short(tag)), place(tag), node("dd", { class: "unit" }, unit(tag.unit))])));
}

function map(base, byNode) {
  const outlined = base.ponds.filter((pond) => pond.outline_m.length > 2);
  if (!outlined.length) return undefined;
  const xs = outlined.flatMap((pond) => pond.outline_m.map(([x]) => x));
  const ys = outlined.flatMap((pond) => pond.outline_m.map(([, y]) => y));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.max(right - left, high - low) / 60;
  const svg = node("svg", { class: "map", viewBox: `${left - size} ${-high - size} ${right - left + 2 * size} ${high - low + 2 * size}`, role: "img", "aria-label": say("Map of the ponds", "盐池地图") });
  for (const pond of outlined) {
    const asset = byNode.get(pond.id);
    const worse = asset && worst(asset);
    const centre = [0, 1].map((axis) => pond.outline_m.reduce((sum, corner) => sum + corner[axis], 0) / pond.outline_m.length);
    const polygon = node("polygon", {
      points: pond.outline_m.map(([x, y]) => `${x},${-y}`).join(" "),
      class: worse ? `alarmed ${worse}` : undefined,
      onclick: () => document.getElementById(`asset-${asset?.id}`)?.scrollIntoView({ block: "center" }),
    });
    const width = Math.max(...pond.outline_m.map(([x]) => x)) - Math.min(...pond.outline_m.map(([x]) => x));
    const fits = (label) => Math.min(size * 1.3, width / Math.max(label.length * (zh ? 1.05 : 0.55) + 1, 1));
    // A name that would be too small to read gives way to the id; the whole name shows on pointing.
    const label = fits(text(pond.name)) < size * 0.75 ? pond.id : text(pond.name);
    const letter = fits(label);
    polygon.append(node("title", {}, text(pond.name)));
    svg.append(polygon, node("text", { x: centre[0], y: -centre[1] + letter / 3, "font-size": letter }, worse ? `${letters[worse]} ${label}` : label));
  }
  return node("section", {}, node("h2", {}, say("Ponds", "盐池")), svg);
}

function wrong(system) {
  const down = system.connections.filter((connection) => connection.phase !== "live");
  if (!system.problems.length && !down.length) return undefined;
  const lines = system.problems.map((problem) => node("li", {}, text(problem.message)));
  const phases = { connecting: say("connecting", "连接中"), waiting: say("trying again", "等待重试"), stopped: say("stopped", "已停止") };
  for (const connection of down) {
    const why = connection.trouble ? `: ${text(connection.trouble.message)}` : "";
    lines.push(node("li", {}, `${say("connection", "连接")} ${connection.id} – ${phases[connection.phase]}${why}`));
  }
  return node("section", { class: "notice" }, node("h2", {}, say("Not in order", "异常")), node("ul", {}, ...lines));
}

async function draw() {
  const [who, base, all, values, system, standing] = await Promise.all(
    ["/api/session", "/api/base", "/api/tags", "/api/values", "/api/system", "/api/alarms"].map((path) => ask(path)));
  await head(base, who);
  tags = all;
  alarms = standing;
  shown.clear();
  for (const one of values) latest.set(one.n, one);
  const assets = base.assets.map((asset) => ({ ...asset, tags: tags.filter((tag) => tag.asset === asset.id) }));
  const measured = assets.filter((asset) => asset.tags.length && asset.id !== "saltern");
  const byNode = new Map(measured.map((asset) => [asset.node, asset]));
  const ponds = new Set(base.ponds.map((pond) => pond.id));
  const [inPonds, elsewhere] = [measured.filter((a) => ponds.has(a.node)), measured.filter((a) => !ponds.has(a.node))];
  const tiles = (title, some) => some.length ? [node("section", {}, node("h2", {}, title), node("div", { class: "tiles" }, ...some.map(tile)))] : [];
  document.querySelector("main").replaceChildren(
    ...caveats(base),
    ...[wrong(system), map(base, byNode)].filter(Boolean),
    ...tiles(say("Levels and brines", "液位与卤水"), inPonds),
    ...tiles(say("Plants, stocks, weather", "工厂、库存与气象"), elsewhere));
  return measured;
}

let assets = [];
draw().then((measured) => {
  assets = measured;
  const byNumber = new Map(tags.map((tag) => [tag.n, tag]));
  let generation;
  let due = false;
  // Anything that changes the picture as a whole draws it anew, at most once a second.
  const again = () => {
    if (due) return;
    due = true;
    setTimeout(async () => { due = false; assets = await draw(); }, 1000);
  };
  const touched = new Set();
  let asked = false;
  follow({
    base: (now) => { if (generation !== undefined && now !== generation) location.reload(); generation = now; },
    values: (some) => {
      for (const one of some) {
        latest.set(one.n, one);
        touched.add(one.n);
      }
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        for (const n of touched) if (byNumber.has(n)) paint(byNumber.get(n));
        touched.clear();
        for (const asset of assets) asset.draw?.();
      });
    },
    journal: again,
    missed: again,
  });
});

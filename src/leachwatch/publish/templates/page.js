/* The page with scripts on: one month and one chosen site drive the map, the key, the chart and the panel.
   Text comes in by textContent only. Nothing is fetched; the policy of the page forbids it. */

const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const read = (id) => { const node = byId(id); return node && JSON.parse(node.textContent); };
const listed = (columns) => (Object.values(columns)[0] || [])
  .map((_, n) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[n]])));
const data = read("data"), ground = read("ground-data");
for (const name of ["sites", "patches"]) data[name] = listed(data[name]);
const rows = byId("table") ? [...byId("table").tBodies[0].rows] : [];
const last = data.months.length - 1;
/* `when` is the month as text: who held the ground is told of months without images too. `first` is where the page
   opened, `kept` the sites that a filter leaves (null: all), `open` whether changes go into the address. */
const shown = { month: Math.max(0, last), when: null, first: null, site: null, fits: null, kept: null, sift: null, open: false };
const views = [];            // each: show(month), choose(site or null)
const dark = matchMedia("(prefers-color-scheme: dark)");

const stateAt = (site, month) => data.codes[data.sites[site].states[month]] || "unseen";
const sayState = (state) => (state === "unseen" ? "not seen" : state);
const monthText = (when) => (when === null ? "" : new Date(when + "T00:00:00Z")
  .toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }));
const monthName = (month) => monthText(data.months[month]);
/* Sentences that scripts say, whole; words in braces are filled in. */
const SAYS = {
  apart: "No images of that month: the map of sites shows {month}.",
  found: "{many} of {all} sites shown.",
  heldBy: "Ground held by",
  held: "{territory}: {who}.",
  heldNear: "{territory}: {who}. The site is nearer to the border than the outline is sure.",
  nowhere: "In no territory that is drawn: not known.",
  madeUp: "The site is made up: this is who held the place where it pretends to lie.",
};
const say = (text, words = {}) => SAYS[text].replace(/\{(\w+)\}/g, (_, name) => words[name]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function drawn(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/* ---- what drives everything ------------------------------------------------------------------------- */

function show(month) {
  const at = Math.min(Math.max(0, month), Math.max(0, last));
  showWhen(last < 0 ? null : data.months[at]);
}

/* Show a month; where it has no images, the sites show the nearest that has. */
function showWhen(when) {
  shown.when = when || (ground ? ground.months[ground.months.length - 1] : null);
  const at = data.months.indexOf(shown.when);
  if (last >= 0) shown.month = at >= 0 ? at : shown.when < data.months[0] ? 0 : last;
  refresh();
  cite();
}

function refresh() {
  const { fits, month } = shown;
  shown.kept = fits ? new Set(data.sites.keys().filter((site) => fits(site, month))) : null;
  for (const view of views) view.show(month);
}

const kept = (site) => !shown.kept || shown.kept.has(site);

function choose(site) {
  shown.site = site;
  for (const view of views) view.choose(site);
  cite();
}

/* ---- slider, key and counts --------------------------------------------------------------------------- */

function sliderView() {
  const slider = byId("month"), name = byId("month-name"), play = byId("play");
  let timer = null;
  const stop = () => {
    clearInterval(timer); timer = null;
    play.classList.remove("playing"); play.setAttribute("aria-label", "Play the months");
  };
  const start = () => {
    if (shown.month === last) show(0);
    timer = setInterval(() => (shown.month < last ? show(shown.month + 1) : stop()), 700);
    play.classList.add("playing"); play.setAttribute("aria-label", "Pause");
  };
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", () => (timer ? stop() : start()));
  byId("controls").hidden = last < 0;
  play.hidden = last < 1;
  return {
    show(month) {
      const text = last < 0 ? "" : monthName(month);
      slider.value = month; slider.setAttribute("aria-valuetext", text); name.textContent = text;
    },
    choose() {},
  };
}

function countsView() {
  const lines = [...byId("counts").children];
  for (const node of document.querySelectorAll(".live-key")) node.hidden = false;
  return {
    show(month) {
      if (last < 0) return;
      const many = {};
      data.sites.forEach((_, site) => {
        if (!kept(site)) return;
        const state = stateAt(site, month);
        many[state] = (many[state] || 0) + 1;
      });
      for (const line of lines) line.querySelector(".many").textContent = many[line.dataset.state] || 0;
      byId("key-when").textContent = "in " + monthName(month);
      byId("map-caption").textContent = "Sites in their state in " + monthName(month) +
        ", with the pools that had appeared by then.";
    },
    choose() {},
  };
}

/* ---- the table and the panel of a site ------------------------------------------------------------------ */

function tableView() {
  rows.forEach((row, site) => {
    row.querySelector("a").addEventListener("click", (event) => { event.preventDefault(); pick(site); });
    row.addEventListener("click", (event) => { if (!event.target.closest("a")) choose(site); });
  });
  for (const link of document.querySelectorAll(".close-up a")) {
    link.addEventListener("click", (event) => { event.preventDefault(); pick(Number(link.dataset.site)); });
  }
  return {
    show() { rows.forEach((row, site) => { if (row.hidden === kept(site)) row.hidden = !kept(site); }); },
    choose(site) { rows.forEach((row, number) => row.classList.toggle("chosen", number === site)); },
  };
}

/* Choose a site from a list: its address can be cited, and the map comes into view. */
function pick(site) {
  choose(site);
  byId("map").scrollIntoView({ block: "start" });
}

function panelView() {
  const panel = byId("panel");
  let reel = null, of = null;
  const fill = (site) => {
    if (of !== site) { reel = reelOf(site); of = site; }
    const body = element("div", undefined, "panel-body"), left = element("div");
    left.append(facts(site), spells(site));
    body.append(left, monthsOf(site));
    panel.replaceChildren(heading(site), ...(reel ? [reel] : []), body);
  };
  return {
    show() { if (shown.site !== null) fill(shown.site); },
    choose(site) { panel.hidden = site === null; if (site !== null) fill(site); },
  };
}

function heading(site) {
  const head = element("div", undefined, "panel-head"), close = element("button", "Close");
  close.type = "button";
  close.addEventListener("click", () => choose(null));
  head.append(element("h3", "Site " + data.sites[site].id), close);
  return head;
}

/* The film strip of a site, as it stands below; its outline stays there, under its name. */
function reelOf(site) {
  const frame = document.querySelector(`.reel[data-site="${site}"] .reel-frame`);
  if (!frame) return null;
  const reel = frame.cloneNode(true);
  reel.querySelector("defs").remove();
  reel.setAttribute("aria-label", "Looks at the site chosen");
  return reel;
}

/* The row of the table, turned into a list: one wording for both. */
function facts(site) {
  const list = element("dl", undefined, "facts");
  const names = [...byId("table").tHead.rows[0].cells].map((cell) => cell.textContent);
  const cells = [...rows[site].cells];
  list.append(element("dt", "In " + monthName(shown.month)), element("dd", sayState(stateAt(site, shown.month))));
  if (ground) list.append(element("dt", say("heldBy")), element("dd", heldAt(site)));
  for (let at = 1; at < Math.min(cells.length, 9); at += 1) {
    const value = element("dd");
    for (const node of cells[at].childNodes) value.append(node.cloneNode(true), " ");
    list.append(element("dt", names[at]), value);
  }
  return list;
}

const day = (number) => new Date(number * 864e5).toISOString().slice(0, 10);

function interval(earliest, latest) {
  if (earliest === null) return latest === null ? "at a time not known" : "before " + day(latest);
  if (latest === null) return "after " + day(earliest);
  return earliest === latest ? "on " + day(latest) : "between " + day(earliest) + " and " + day(latest);
}

function spells(site) {
  const list = element("ul", undefined, "spells");
  for (const [code, start, began, end, ended] of data.sites[site].spells) {
    const item = element("li");
    item.append(element("b", data.codes[code]), ": began " + interval(start, began) + "; " +
      (ended === null ? "still so on " + day(end) : "ended " + interval(end, ended)));
    list.append(item);
  }
  return list;
}

/* Pool area of one site by month, with bounds; a hatched month was not seen. */
function monthsOf(site) {
  const [mid, ...parts] = data.sites[site].areas.map((text) => text.split(","));
  const [low, high] = parts.map((column) => column.map((part, m) => (mid[m] > 0 ? part * mid[m] / 100 : part)));
  const width = 480, height = 170, base = 140, top = 14, left = 4;
  const step = (width - 2 * left) / (last + 1);
  const most = Math.max(1, ...high.map(Number), ...mid.map(Number));
  const y = (value) => base - (Number(value) / most) * (base - top);
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: "months", role: "img",
    "aria-label": "Pool area of the site by month" });
  for (let m = 0; m <= last; m += 1) {
    const x = left + m * step, wide = Math.max(0.5, step - 1);
    if (stateAt(site, m) === "unseen") {
      chart.append(drawn("rect", { x, y: top, width: wide, height: base - top, fill: "url(#hatch-none)" }));
    } else if (mid[m] !== "") {
      chart.append(drawn("rect", { x, y: y(mid[m]), width: wide, height: base - y(mid[m]), class: "area" }),
        drawn("path", { class: "span", d: `M${x + wide / 2} ${y(low[m])}V${y(high[m])}` }));
    }
  }
  const now = left + (shown.month + 0.5) * step;
  chart.append(drawn("path", { class: "base", d: `M${left} ${base}H${width - left}` }),
    drawn("path", { class: "now", d: `M${now} ${top}V${base + 6}` }));
  const label = (x, at, anchor, text) => {
    const node = drawn("text", { x, y: at, "text-anchor": anchor }); node.textContent = text; chart.append(node);
  };
  label(left, base + 20, "start", monthName(0));
  label(width - left, base + 20, "end", monthName(last));
  label(left, 9, "start", `Pool area by month, up to ${Math.round(most).toLocaleString("en-GB")} m² (line: bounds; hatched: not seen)`);
  return chart;
}

/* ---- the picture: what is left where there is no WebGL, and what is printed ------------------------------- */

function pictureView() {
  const picture = byId("picture");
  const marks = [...picture.querySelectorAll(".mark")];
  const patches = [...picture.querySelectorAll(".patches path")];
  const veils = [...picture.querySelectorAll(".veil")], plots = [...picture.querySelectorAll(".plot")];
  for (const mark of marks) mark.addEventListener("click", () => choose(Number(mark.dataset.site)));
  return {
    show(month) {
      if (last < 0) return;
      for (const mark of marks) {
        const site = Number(mark.dataset.site);
        mark.querySelector(".state").setAttribute("href", "#state-" + stateAt(site, month));
        mark.toggleAttribute("hidden", !kept(site));
      }
      if (plots.length) showPlots(plots, ground.months.indexOf(data.months[month]));
      patches.forEach((path) => {
        const { may, was, site } = data.patches[path.dataset.n];
        path.classList.toggle("later", month < may || !kept(site));
        path.classList.toggle("maybe", may <= month && month < was);
      });
      veils.forEach((path, number) => {
        path.setAttribute("class", "veil " + sight(data.tiles[number].seen[month]));
      });
    },
    choose(site) { for (const mark of marks) mark.classList.toggle("chosen", Number(mark.dataset.site) === site); },
  };
}

const sight = (share) => (share < 0.05 ? "none" : share < 0.8 ? "part" : "whole");

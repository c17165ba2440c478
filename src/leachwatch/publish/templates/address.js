/* ---- the address: what is shown can be cited, and comes back ------------------------------------------------- */

/* `#month=2023-05&site=..&tier=confirmed,probable&state=active&find=..&said=..&verdict=..`; what is left out is as
   the page opens. Older addresses still lead to their place: `#site-..`, `#clm-..`, `#claims?find=..&verdict=..`. */

const kinds = { tier: "tier-filter", state: "state-filter" };
const ticks = (kind) => [...document.querySelectorAll(`#${kinds[kind]} input`)];

function siteFinder() {
  const finder = byId("site-finder"), search = byId("site-search");
  if (!finder) return null;
  const texts = rows.map((row) => row.cells[0].textContent.toLowerCase());
  const sift = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const of = (kind) => new Set(ticks(kind).filter((tick) => tick.checked).map((tick) => tick.value));
    const tiers = of("tier"), states = of("state");
    shown.fits = wanted.length || tiers.size || states.size
      ? (site, month) => (!tiers.size || tiers.has(data.sites[site].tier)) &&
        (!states.size || states.has(stateAt(site, month))) && wanted.every((word) => texts[site].includes(word))
      : null;
    refresh();
    cite();
  };
  search.addEventListener("input", sift);
  for (const kind of Object.keys(kinds)) for (const tick of ticks(kind)) tick.addEventListener("change", sift);
  byId("site-all").addEventListener("click", () => { narrowSites({}); search.focus(); });
  finder.hidden = false;
  shown.sift = sift;
  return {
    show() {
      const many = shown.kept ? shown.kept.size : data.sites.length;
      byId("site-many").textContent = say("found", { many, all: data.sites.length });
      byId("site-all").hidden = !shown.kept;
    },
    choose() {},
  };
}

function narrowSites({ find = "", tier = "", state = "" }) {
  if (!shown.sift) return;
  byId("site-search").value = find;
  for (const [kind, wanted] of [["tier", tier.split(",")], ["state", state.split(",")]]) {
    for (const tick of ticks(kind)) tick.checked = wanted.includes(tick.value);
  }
  shown.sift();
}

/* What stands in the address for what is shown now. */
function address() {
  const ticked = (kind) => ticks(kind).filter((tick) => tick.checked).map((tick) => tick.value).join(",");
  const value = (id) => (byId(id) ? byId(id).value : "");
  const parts = {
    month: shown.when && shown.when !== shown.first ? shown.when.slice(0, 7) : "",
    site: shown.site === null ? "" : data.sites[shown.site].id,
    tier: ticked("tier"), state: ticked("state"), find: value("site-search"),
    said: value("claim-search"), verdict: value("claim-kind"),
  };
  return Object.entries(parts).filter(([, text]) => text)
    .map(([name, text]) => name + "=" + encodeURIComponent(text).replace(/%2C/g, ",").replace(/%20/g, "+")).join("&");
}

/* Written when the reader is done moving: a browser takes only so many changes in a while. */
let citing = null;
function cite() {
  if (!shown.open) return;
  clearTimeout(citing);
  citing = setTimeout(() => {
    const text = address(), bare = location.href.split("#")[0];
    if (text || location.hash.includes("=")) history.replaceState(null, "", text ? bare + "#" + text : bare);
  }, 150);
}

function parsed() {
  let text = location.hash.slice(1);
  try { text = decodeURI(text); } catch { /* stays as it is written */ }
  const [place, query] = text.includes("?") ? text.split(/\?(.*)/s) : text.includes("=") ? ["", text] : [text, ""];
  const asked = Object.fromEntries(new URLSearchParams(query));
  if (place === "claims") { asked.said = asked.said || asked.find || ""; delete asked.find; }
  const row = rows.findIndex((one) => one.id === place);
  if (row >= 0) asked.site = data.sites[row].id;
  return { place, asked, any: Object.keys(asked).length > 0 };
}

/* Bring back what an address asks for; one that only names a place on the page changes nothing else. */
function restore() {
  const { place, asked, any } = parsed();
  if (any) {
    shown.open = false;
    const site = data.sites.findIndex((one) => one.id === asked.site);
    const months = ground ? ground.months : data.months, month = months.find((one) => one.startsWith(asked.month));
    if (/^\d{4}-\d{2}$/.test(asked.month || "") && month) showWhen(month); else if (shown.first) showWhen(shown.first);
    narrowSites(asked);
    narrowClaims(asked.said || "", asked.verdict || "");
    choose(site < 0 ? null : site);
    shown.open = true;
    if (place === "" && site >= 0) byId("map").scrollIntoView();
    else if (place === "" && (asked.said || asked.verdict) && byId("claims")) byId("claims").scrollIntoView();
  }
  openNamed();
}

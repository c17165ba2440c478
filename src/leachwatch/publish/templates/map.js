/* ---- the map ------------------------------------------------------------------------------------------------ */

/* A shape comes as steps of 1e-5 degree from point to point, without the closing point; that of a patch begins
   at the middle of its site. */
const polygon = (shape, start = [0, 0]) =>
  ({ type: "MultiPolygon", coordinates: shape.map((part) => part.map((steps) => ring(steps, start))) });
function ring(steps, [lon, lat]) {
  const points = [];
  for (let at = 0, x = Math.round(lon * 1e5), y = Math.round(lat * 1e5); at < steps.length; at += 2) {
    x += steps[at]; y += steps[at + 1];
    points.push([x / 1e5, y / 1e5]);
  }
  return [...points, points[0]];
}
const point = (coordinates) => ({ type: "Point", coordinates });
const collection = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });
const feature = (geometry, properties, id) => ({ type: "Feature", id, geometry, properties });

function sources() {
  const { sites, patches, tiles } = data;
  return {
    ...(landsOn() && { lands: landSource() }),
    tiles: collection(tiles.map((t, n) => feature(polygon(t.shape), { seen: t.seen }, n))),
    outlines: collection(sites.map((s, n) => feature(polygon(s.shape), {}, n))),
    patches: collection(patches.map(({ site, style, may, was, shape }, n) =>
      feature(polygon(shape, sites[site].at), { style, may, was, site }, n))),
    signs: collection(sites.map((s, n) => feature(point([s.at[0], s.at[2]]), { states: s.states, tier: s.tier, n }, n))),
  };
}

function byStyle() {
  const pairs = [...new Set(data.patches.map(({ style }) => style))].flatMap((style) => [style, colour(style)]);
  return pairs.length ? ["match", ["get", "style"], ...pairs, colour("yb")] : colour("yb");
}

const share = (month) => ["at", month, ["get", "seen"]];
const veils = (month) => ["case", ["<", share(month), 0.05], "hatch-none", ["<", share(month), 0.8], "hatch-part", "hatch-whole"];
const signs = (month) => ["concat", ["slice", ["get", "states"], month, month + 1], "-", ["get", "tier"]];

const crowd = data.sites.length > 400 ? 0.6 : 1;    // signs are smaller where there are many

function layers(month) {
  const fill = (id, source, paint, filter) => ({ id, type: "fill", source, paint, ...(filter && { filter }) });
  const line = (id, source, paint, filter) => ({ id, type: "line", source, paint, ...(filter && { filter }) });
  return [
    { id: "sheet", type: "background", paint: { "background-color": colour("sheet") } },
    fill("tiles", "tiles", { "fill-color": colour("ground") }),
    ...(landsOn() ? landLayers(ground.months.indexOf(data.months[month])) : []),
    fill("veils", "tiles", { "fill-pattern": veils(month) }),
    line("tile-lines", "tiles", { "line-color": colour("line"), "line-width": 1 }),
    fill("outlines", "outlines", { "fill-color": colour("ink"), "fill-opacity": 0.06 }, sifted(["id"])),
    line("outline-lines", "outlines", { "line-color": colour("ink"), "line-opacity": 0.65, "line-width": 1 }, sifted(["id"])),
    fill("patches", "patches", { "fill-color": byStyle() }, there(month)),
    line("maybe", "patches", { "line-color": colour("ink"), "line-width": 1, "line-dasharray": [2, 2] }, maybe(month)),
    line("chosen", "outlines", { "line-color": colour("accent"), "line-width": 2.5 }, ["==", ["id"], -1]),
    { id: "signs", type: "symbol", source: "signs", filter: sifted(["id"]), layout: {
      "icon-image": signs(month), "icon-allow-overlap": true, "icon-ignore-placement": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 7, 0.6 * crowd, 11, crowd, 14, 1],
      "icon-offset": ["interpolate", ["linear"], ["zoom"], 12, ["literal", [0, 0]], 14, ["literal", [0, -13]]],
      "symbol-sort-key": ["-", 0, ["get", "n"]] } },
  ];
}

const there = (month) => ["all", ["<=", ["get", "was"], month], sifted(["get", "site"])];
const maybe = (month) => ["all", ["<=", ["get", "may"], month], [">", ["get", "was"], month], sifted(["get", "site"])];

/* Whether a filter leaves a site: the shorter list of those that stay or go. */
function sifted(site) {
  if (!shown.kept) return true;
  const stay = [...shown.kept], go = [];
  if (stay.length * 2 <= data.sites.length) return ["in", site, ["literal", stay]];
  for (let one = 0; one < data.sites.length; one += 1) if (!shown.kept.has(one)) go.push(one);
  return ["!", ["in", site, ["literal", go]]];
}

/* The signs of the key, drawn once more as pictures for the map. */
function addSigns(map) {
  for (const [code, state] of Object.entries(data.codes)) {
    for (const tier of ["confirmed", "probable", "possible"]) put(map, code + "-" + tier, signImage(state, tier));
  }
  if (landsOn()) addWeaves(map);
  put(map, "hatch-none", hatchImage(6));
  put(map, "hatch-part", hatchImage(14));
  put(map, "hatch-whole", hatchImage(0));
}

function put(map, name, image) {
  if (map.hasImage(name)) map.updateImage(name, image); else map.addImage(name, image, { pixelRatio: 2 });
}

function canvas(size, scale) {
  const node = document.createElement("canvas");
  node.width = node.height = size * scale;
  const pen = node.getContext("2d", { willReadFrequently: true });
  pen.scale(scale, scale);
  return pen;
}

function signImage(state, tier) {
  const pen = canvas(24, 2);
  pen.translate(12, 12);
  for (const node of [...byId("tier-" + tier).children, ...byId("state-" + state).children]) trace(pen, node);
  return pen.getImageData(0, 0, 48, 48);
}

function trace(pen, node) {
  const style = getComputedStyle(node), path = new Path2D(node.getAttribute("d") || "");
  if (node.tagName === "circle") path.arc(0, 0, Number(node.getAttribute("r")), 0, 2 * Math.PI);
  pen.globalAlpha = Number(style.fillOpacity);
  if (style.fill !== "none") { pen.fillStyle = style.fill; pen.fill(path); }
  pen.globalAlpha = 1;
  if (style.stroke === "none") return;
  pen.strokeStyle = style.stroke;
  pen.lineWidth = parseFloat(style.strokeWidth);
  pen.setLineDash((node.getAttribute("stroke-dasharray") || "").split(" ").filter(Boolean).map(Number));
  pen.stroke(path);
}

function hatchImage(gap) {
  const size = gap || 6, pen = canvas(size, 2);
  pen.strokeStyle = colour("hatch"); pen.lineWidth = 1.2;
  if (gap) pen.stroke(new Path2D(`M0 ${size}L${size} 0M-1 1L1-1M${size - 1} ${size + 1}L${size + 1} ${size - 1}`));
  return pen.getImageData(0, 0, size * 2, size * 2);
}

/* Round degrees across what is in view, as lines over the map and labels on its edge. */
function graticule(map) {
  const box = map.getBounds(), frame = byId("graticule"), lines = drawn("svg", {}), under = 150;
  const [w, s, e, n] = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  frame.replaceChildren(lines);
  const tick = (kind, at, text) => {
    const node = element("span", text, "tick " + kind);
    node.style[kind === "x" ? "left" : "top"] = at + "px";
    frame.append(node);
  };
  const each = (low, high, about, use) => {
    const step = round((high - low) / about), decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (let k = Math.ceil(low / step); k * step < high; k += 1) use(k * step, Math.abs(k * step).toFixed(decimals) + "°");
  };
  each(w, e, 5, (lon, text) => {
    const { x } = map.project([lon, s]);
    lines.append(drawn("path", { d: `M${x} 0V4000` }));
    if (x < frame.clientWidth - 230) tick("x", x, text + (lon < 0 ? "W" : "E"));
  });
  each(s, n, 4, (lat, text) => {
    const { y } = map.project([w, lat]);
    lines.append(drawn("path", { d: `M0 ${y}H4000` }));
    if (y > under) tick("y", y, text + (lat < 0 ? "S" : "N"));   // below the buttons
  });
}

function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value);
}

function startMap() {
  const [west, south, east, north] = data.bounds;
  const map = new maplibregl.Map({
    container: "live-map", bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 8 },
    style: { version: 8, sources: sources(), layers: [] },
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, maxZoom: 18,
    renderWorldCopies: false, fadeDuration: 0, cooperativeGestures: true, validateStyle: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 140 }), "bottom-right");
  byId("zoom-in").addEventListener("click", () => map.zoomIn());
  byId("zoom-out").addEventListener("click", () => map.zoomOut());
  byId("zoom-all").addEventListener("click", () => map.fitBounds([[west, south], [east, north]], { padding: 8 }));
  return map;
}

/* Names of places are HTML: letters of the map library would break Burmese. */
function addPlaces(map) {
  for (const text of document.querySelectorAll("#picture .places text")) {
    const view = byId("picture").viewBox.baseVal, [west, south, east, north] = paperBounds();
    const lon = west + (Number(text.getAttribute("x")) / view.width) * (east - west);
    const lat = north - (Number(text.getAttribute("y")) / view.height) * (north - south);
    new maplibregl.Marker({ element: element("div", text.textContent, "place") }).setLngLat([lon, lat]).addTo(map);
  }
}

const paperBounds = () => byId("picture").dataset.bounds.split(" ").map(Number);

function mapView(map) {
  const flag = new maplibregl.Marker({ element: element("div", "", "flag"), anchor: "bottom", offset: [0, -26] });
  const paint = () => {
    addSigns(map);
    for (const layer of layers(shown.month)) { if (map.getLayer(layer.id)) map.removeLayer(layer.id); }
    for (const layer of layers(shown.month)) map.addLayer(layer);
    map.setFilter("chosen", ["==", ["id"], shown.site === null ? -1 : shown.site]);
  };
  paint();
  addPlaces(map);
  const names = landsOn() ? landNames(map) : [];
  let sieve = shown.kept;
  const sift = () => {
    if (sieve === null && shown.kept === null) return;
    sieve = shown.kept;
    for (const layer of ["outlines", "outline-lines", "signs"]) map.setFilter(layer, sifted(["id"]));
  };
  const land = (month) => {
    const when = ground.months.indexOf(data.months[month]), fills = landFill(when);
    if (JSON.stringify(fills) !== JSON.stringify(map.getPaintProperty("lands", "fill-pattern"))) map.setPaintProperty("lands", "fill-pattern", fills);
    for (const { land, held } of names) held.textContent = standing(land, when).held;
  };
  if (landsOn() && last >= 0) land(shown.month);
  graticule(map);
  map.on("move", () => graticule(map));
  map.on("resize", () => graticule(map));
  dark.addEventListener("change", paint);
  map.on("click", "signs", (event) => choose(event.features[0].id));
  map.on("click", "outlines", (event) => choose(event.features[0].id));
  for (const layer of ["signs", "outlines"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  return {
    show(month) {
      if (last < 0) return;
      map.setPaintProperty("veils", "fill-pattern", veils(month));
      if (landsOn()) land(month);
      sift();
      map.setFilter("patches", there(month));
      map.setFilter("maybe", maybe(month));
      map.setLayoutProperty("signs", "icon-image", signs(month));
      if (shown.site !== null) name(flag, shown.site);
    },
    choose(site) {
      map.setFilter("chosen", ["==", ["id"], site === null ? -1 : site]);
      if (site === null) { flag.remove(); return; }
      const at = data.sites[site].at;
      name(flag, site);
      flag.setLngLat([at[0], at[2]]).addTo(map);
      map.easeTo({ center: [at[0], at[1]], zoom: Math.max(map.getZoom(), 15), duration: calm() ? 0 : 600 });
    },
  };
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function name(flag, site) {
  flag.getElement().textContent = data.sites[site].id + ", " + sayState(stateAt(site, shown.month));
}

function webgl() {
  try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
}

function stay(text) {
  const note = byId("map-note");
  note.textContent = text + " "; note.hidden = false;
  document.documentElement.dataset.map = "picture";
}

/* The map takes the place of the picture; where it cannot, the picture stays and follows the slider. */
function openMap() {
  if (!byId("picture")) { document.documentElement.dataset.map = "none"; return; }
  const still = pictureView();
  const toPaper = () => { still.show(shown.month); still.choose(shown.site); };
  const keep = () => { views.push(still); toPaper(); stay("This browser cannot draw the live map; the picture follows the slider."); };
  if (!webgl()) { keep(); return; }
  byId("live-map").hidden = false;
  const picture = byId("picture");
  picture.setAttribute("hidden", "");
  let map;
  try { map = startMap(); } catch { byId("live-map").hidden = true; picture.removeAttribute("hidden"); keep(); return; }
  byId("furniture").hidden = false;
  map.on("load", () => {
    const view = mapView(map);
    views.push(view);
    if (shown.site !== null) view.choose(shown.site);
    map.once("idle", () => { document.documentElement.dataset.map = "live"; });
  });
  addEventListener("beforeprint", toPaper);
}

/* ---- who held the ground -------------------------------------------------------------------------------------- */

/* What held in a month: fill, words, words where a border is near, and which drawings are in force. */
function standing(land, when) {
  let found = null;
  for (const run of ground.lands[land].runs) if (run[0] <= when) found = run;
  const [fill, held, near] = ground.standings[found ? found[1] : 0];
  return { fill, held, near, drawn: (place) => !found || found[2][place] !== "0" };
}

const weave = (fill) => (fill ? `url(#held-${fill})` : "none");

/* Plots of territories on a drawing, as they stood in a month. */
function showPlots(plots, when) {
  for (const plot of plots) {
    const { fill, drawn } = standing(plot.dataset.land, when);
    plot.setAttribute("fill", weave(fill));
    plot.toggleAttribute("hidden", !drawn(Number(plot.dataset.drawing)));
  }
}

function groundView() {
  if (!ground || !byId("held-map")) return null;
  const slider = byId("held-month"), note = byId("held-note"), plots = [...document.querySelectorAll("#held-map .plot")];
  const items = [...document.querySelectorAll(".territories li")];
  slider.addEventListener("input", () => showWhen(ground.months[slider.value]));
  byId("held-controls").hidden = ground.months.length < 2;
  let now = -1;
  return {
    show() {
      const when = ground.months.indexOf(shown.when), text = monthText(shown.when);
      const apart = last < 0 || data.months[shown.month] !== shown.when;
      note.hidden = !apart || last < 0;
      note.textContent = note.hidden ? "" : say("apart", { month: monthName(shown.month) });
      if (when === now) return;
      now = when;
      slider.value = when; slider.setAttribute("aria-valuetext", text);
      byId("held-name").textContent = text; byId("held-when").textContent = text;
      showPlots(plots, when);
      for (const item of items) {
        const { fill, held } = standing(item.dataset.land, when), line = item.querySelector(".holder");
        item.querySelector(".fill").setAttribute("fill", weave(fill));
        if (line.textContent !== held) line.textContent = held;
      }
    },
    choose() {},
  };
}

/* In words: who held the ground of a site in the month shown. */
function heldAt(site) {
  const when = ground.months.indexOf(data.months[shown.month]), within = ground.sites[site] || [];
  if (!within.length) return say("nowhere");
  const told = within.map(([land, surely]) => {
    const { held, near } = standing(land, when);
    return say(surely ? "held" : "heldNear", { territory: ground.lands[land].name, who: surely ? held : near });
  });
  return told.join(" ") + (data.simulated ? " " + say("madeUp") : "");
}

/* Territories on the map of sites: their tint lies under everything, their names are HTML. */
const landsOn = () => Boolean(ground && ground.shapes.length);

function landSource() {
  return collection(ground.shapes.map(([, , rough, shape], n) => feature(polygon(shape), { rough }, n)));
}

function landFill(when) {
  const fills = ground.shapes.flatMap(([land, drawing], n) => {
    const { fill, drawn } = standing(land, when);
    return [n, drawn(drawing) && fill ? "held-" + fill : "held-none"];
  });
  return ["match", ["id"], ...fills, "held-none"];
}

function landLayers(when) {
  const line = (id, rough, more) => ({ id, type: "line", source: "lands", filter: ["==", ["get", "rough"], rough],
    paint: { "line-color": colour("border"), "line-width": 1.6, ...more } });
  return [
    { id: "lands", type: "fill", source: "lands", paint: { "fill-pattern": landFill(when), "fill-opacity": 0.6 } },
    line("land-borders", 0, {}), line("land-rough", 1, { "line-dasharray": [4, 3] }),
  ];
}

/* The fills of the key, drawn once more as pictures for the map. */
function addWeaves(map) {
  for (const pattern of document.querySelectorAll("pattern[id^='held-']")) {
    const size = Number(pattern.getAttribute("width")), pen = canvas(size, 2);
    for (const node of pattern.children) trace(pen, node);
    put(map, pattern.id, pen.getImageData(0, 0, size * 2, size * 2));
  }
  put(map, "held-none", canvas(4, 2).getImageData(0, 0, 8, 8));
}

function landNames(map) {
  return ground.names.map(([land, lon, lat]) => {
    const node = element("div", undefined, "place land"), held = element("span", undefined, "quiet");
    node.append(element("b", ground.lands[land].name), " ", held);
    new maplibregl.Marker({ element: node }).setLngLat([lon, lat]).addTo(map);
    return { land, held };
  });
}

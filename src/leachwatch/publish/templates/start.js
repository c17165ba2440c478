/* ---- the chart ---------------------------------------------------------------------------------------------- */

async function openChart() {
  const spec = read("chart-spec"), place = byId("live-chart");
  if (!spec) return;
  place.hidden = false;
  const wide = () => Math.max(260, place.clientWidth - 70);
  for (const part of spec.vconcat) part.width = wide();
  if (place.clientWidth < 600) spec.vconcat[1].encoding.x.axis.tickCount = 3;
  const { view } = await vegaEmbed(place, spec, {
    mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false, hover: false, logLevel: 1,
  });
  byId("static-chart").setAttribute("hidden", "");
  place.addEventListener("click", (event) => {
    const box = place.querySelector(".role-frame, .mark-group").getBoundingClientRect();
    const axis = place.querySelector(".mark-rect, .role-mark").getBoundingClientRect();
    const from = axis.width ? axis : box;
    show(Math.round(((event.clientX - from.left) / from.width) * (last + 1) - 0.5));
  });
  const follow = { show(month) { view.signal("month", data.months[month]).runAsync(); tell(month); }, choose() {} };
  views.push(follow);
  follow.show(shown.month);
  document.documentElement.dataset.chart = "live";
}

function tell(month) {
  const { area, seen } = data.totals[month], reading = byId("reading"), all = data.sites.length;
  const least = seen < all ? "at least " : "";
  reading.hidden = false;
  reading.textContent = monthName(month) + ": " + (area ? least + area : "not measured") +
    `; ${seen} of ${all} site${all === 1 ? "" : "s"} seen.`;
}

/* The page opens on the last month in which most sites could be seen; on the last one where there is none. */
function firstShown() {
  for (let month = last; month >= 0; month -= 1) if (data.totals[month].seen * 2 > data.sites.length) return month;
  return last;
}

/* ---- begin -------------------------------------------------------------------------------------------------- */

views.push(sliderView(), countsView(), tableView());
if (data.sites.length) views.push(panelView());
views.push(...[groundView(), timelineView(), siteFinder()].filter(Boolean));
claimsView();
show(firstShown());
shown.first = shown.when;
restore();
shown.open = true;
addEventListener("hashchange", restore);
openMap();
openChart();

/* ---- claims and the timeline -------------------------------------------------------------------------------- */

/* Words and a verdict narrow the list; what is chosen stands in the address, so that a view can be cited. */
function claimsView() {
  const finder = byId("claim-finder");
  if (!finder) return;
  const cards = [...document.querySelectorAll(".claim")], search = byId("claim-search"), kind = byId("claim-kind");
  const texts = cards.map((card) => card.textContent.toLowerCase());
  const narrow = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let many = 0;
    cards.forEach((card, n) => {
      const fits = (!kind.value || card.dataset.verdict === kind.value) && wanted.every((word) => texts[n].includes(word));
      card.hidden = !fits;
      many += fits;
    });
    const untested = byId("untested");
    if (untested && (wanted.length || kind.value === "untested")) untested.open = true;
    byId("claim-many").textContent = many + " of " + cards.length;
  };
  const keep = () => {
    const said = new URLSearchParams();
    if (search.value) said.set("find", search.value);
    if (kind.value) said.set("verdict", kind.value);
    history.replaceState(null, "", "#" + (said.size ? "claims?" + said : "claims"));
    narrow();
  };
  const [place, asked] = decodeURI(location.hash).split("?");
  if (place === "#claims" && asked) {
    const said = new URLSearchParams(asked);
    search.value = said.get("find") || "";
    kind.value = [...kind.options].some((option) => option.value === said.get("verdict")) ? said.get("verdict") : "";
  }
  search.addEventListener("input", keep);
  kind.addEventListener("change", keep);
  finder.hidden = false;
  narrow();
  openNamed();
  addEventListener("hashchange", openNamed);
}

/* A claim named in the address is shown opened. */
function openNamed() {
  const named = /^#clm-/.test(location.hash) && byId(location.hash.slice(1));
  if (!named) return;
  named.hidden = false;
  for (const more of [named.closest("details"), named.querySelector("details")]) if (more) more.open = true;
  named.scrollIntoView();
}

/* The month of the slider as a line across the timeline, where it lies within it. */
function timelineView() {
  const drawing = document.querySelector(".timeline"), cursor = byId("timeline-cursor");
  if (!drawing || last < 0) return null;
  const sheet = drawing.closest(".chart");
  sheet.scrollLeft = sheet.scrollWidth;             // on a narrow screen: the latest years first
  const day = (text) => Date.parse(text) / 864e5, { first, from, to } = drawing.dataset, until = day(drawing.dataset.last);
  return {
    show(month) {
      const share = (day(data.months[month]) + 15 - day(first)) / (until - day(first));
      if (share < 0 || share > 1) { cursor.setAttribute("hidden", ""); return; }
      cursor.removeAttribute("hidden");
      cursor.setAttribute("transform", `translate(${Number(from) + share * (to - from)} 0)`);
    },
    choose() {},
  };
}

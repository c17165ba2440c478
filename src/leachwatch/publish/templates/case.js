/* ---- claims and the timeline -------------------------------------------------------------------------------- */

/* Words and a verdict narrow the list. */
let narrowClaims = () => {};
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
  const keep = () => { narrow(); cite(); };
  narrowClaims = (said, verdict) => {
    search.value = said;
    kind.value = [...kind.options].some((option) => option.value === verdict) ? verdict : "";
    narrow();
  };
  search.addEventListener("input", keep);
  kind.addEventListener("change", keep);
  finder.hidden = false;
  narrow();
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
  if (!drawing) return null;
  const sheet = drawing.closest(".chart");
  sheet.scrollLeft = sheet.scrollWidth;             // on a narrow screen: the latest years first
  const day = (text) => Date.parse(text) / 864e5, { first, from, to } = drawing.dataset, until = day(drawing.dataset.last);
  return {
    show() {
      if (shown.when === null) return;
      const share = (day(shown.when) + 15 - day(first)) / (until - day(first));
      if (share < 0 || share > 1) { cursor.setAttribute("hidden", ""); return; }
      cursor.removeAttribute("hidden");
      cursor.setAttribute("transform", `translate(${Number(from) + share * (to - from)} 0)`);
    },
    choose() {},
  };
}

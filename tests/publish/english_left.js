/* Words in Latin letters that are left on the page, outside of what says that it is English or a record. */
const [allowed] = arguments;
const spoken = document.documentElement.lang;
const ours = (node) => node.closest("[lang]").getAttribute("lang") === spoken;
const values = (note) => (typeof note === "string" ? [note] : Array.isArray(note) ? note.flatMap(values) : []);
const left = (text, known) => {
  for (const word of [...known].filter(Boolean).sort((one, other) => other.length - one.length)) text = text.split(word).join(" ");
  return /[A-Za-z]{3}/.test(text.replace(/#clm-\w+|#evt-\w+|\blw-[\d-]+/g, " "));
};
const found = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, place = node.parentElement;
  if (place.closest("script, style, noscript") || !ours(place)) continue;
  const note = place.closest("[data-t]");
  const known = [...allowed, ...(note ? values(JSON.parse(note.dataset.t)) : [])];
  if (left(node.textContent, known)) found.add(place.tagName + ": " + node.textContent.trim());
}
for (const node of document.querySelectorAll("[aria-label], [title], [placeholder], [data-label], [aria-valuetext]")) {
  if (!ours(node)) continue;
  const notes = node.dataset.a ? JSON.parse(node.dataset.a) : {};
  for (const name of ["aria-label", "title", "placeholder", "data-label", "aria-valuetext"]) {
    const text = node.getAttribute(name), known = [...allowed, ...values(notes[name] || "")];
    if (text && left(text, known)) found.add("@" + name + ": " + text);
  }
}
return [...found];

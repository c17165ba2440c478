/* ---- languages ---------------------------------------------------------------------------------------------- */

/* A note is a text as it is, the number of a message, or a list: the number, how many things where the message
   counts, and what stands in its places, in the order of the English sentence; each of these is a note again. A
   list of texts is a name, as it is in each language. */
const { languages, messages } = read("tongues");
const numbers = new Map(messages.map(([english], number) => [[english].flat()[0], number]));
const written = languages.indexOf(document.documentElement.lang);
let spoken = written;                                            // 0 is the language of the messages
const heard = [];                                                // called when another language is spoken
const sentence = (text) => text;                                 // names a sentence for the catalogues

function told(note) {
  if (typeof note === "string") return note;
  if (typeof note[0] === "string") return note[spoken] || note[0];
  const [number, ...values] = [note].flat(), [english, ...others] = messages[number];
  const forms = [english].flat(), places = [...new Set(forms.join().match(/\{\w+\}/g))];
  const many = forms.length > 1 ? values.shift() : 1;
  const said = others[spoken - 1] || forms[many === 1 ? 0 : 1];
  return said.replace(/\{\w+\}/g, (place) => told(values[places.indexOf(place)]));
}

const placed = (forms, values) =>
  [...new Set(forms.join().match(/\{\w+\}/g))].map((place) => String(values[place.slice(1, -1)]));
const say = (text, values = {}) => told([numbers.get(text), ...placed([text], values)]);
const many = (one, other, count, values = {}) =>
  told([numbers.get(one), count, ...placed([one, other], { many: count.toLocaleString("en-GB"), ...values })]);

const MONTHS = [
  sentence("January {year}"), sentence("February {year}"), sentence("March {year}"), sentence("April {year}"),
  sentence("May {year}"), sentence("June {year}"), sentence("July {year}"), sentence("August {year}"),
  sentence("September {year}"), sentence("October {year}"), sentence("November {year}"), sentence("December {year}"),
];
const monthOf = (iso) => say(MONTHS[Number(iso.slice(5, 7)) - 1], { year: iso.slice(0, 4) });

/* Messages that a catalogue lacks stay English, and say so to screen readers. */
function lacks(note) {
  const [number] = [note].flat();
  return spoken > 0 && typeof number === "number" && !messages[number][spoken];
}

function retell() {
  for (const node of document.querySelectorAll("[data-t]")) {
    const note = JSON.parse(node.dataset.t);
    node.textContent = told(note);
    if (lacks(note)) node.lang = "en"; else node.removeAttribute("lang");
  }
  for (const node of document.querySelectorAll("[data-a]")) {
    for (const [name, note] of Object.entries(JSON.parse(node.dataset.a))) node.setAttribute(name, told(note));
  }
}

/* Everything on the page in another language; what scripts have written is written again by its view. */
function speak(language) {
  const chosen = languages.indexOf(language);
  if (chosen < 0 || chosen === spoken) return;
  spoken = chosen;
  document.documentElement.lang = language;
  retell();
  for (const button of byId("languages").children) {
    button.setAttribute("aria-pressed", String(button.lang === language));
  }
  for (const hear of heard) hear();
  refresh();
  cite();
}

/* The language stands in the address with the rest of a view, and nowhere else. */
function languagesView() {
  const choice = byId("languages");
  for (const button of choice.children) button.addEventListener("click", () => speak(button.lang));
  choice.hidden = false;
}

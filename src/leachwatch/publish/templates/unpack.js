/* Libraries, data and the far end of long lists come packed. Here they are put where the program, which comes last,
   looks for them. A script runs only if the policy of the page names its hash. */
(async () => {
  "use strict";
  const nodes = [...document.querySelectorAll("script[data-packed]")];
  const open = (node) => {
    const bytes = Uint8Array.from(atob(node.textContent), (sign) => sign.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const place = {
    data(node, text) { node.textContent = text; },
    rows(node, text) { document.querySelector(node.dataset.into).insertAdjacentHTML("beforeend", text); },
    program(node, text) {
      const script = document.createElement("script");
      script.textContent = text;
      node.replaceWith(script);
    },
  };
  const painted = () => new Promise((done) => { setTimeout(done, 0); });
  if (!window.DecompressionStream) { document.getElementById("too-old").hidden = false; return; }
  for (const node of nodes) {
    await painted();                 // the document answers its reader between one part and the next
    place[node.dataset.packed](node, await open(node));
  }
})();

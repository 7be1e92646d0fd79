// A word with a fixed meaning shows it on hover and on focus. Without this, its link leads to where
// the meaning stands: the foot of the page, or the page of the factor or outcome.

const SCHEMES = { factors: "factor", outcomes: "dimension" };
const bubble = document.createElement("div");
bubble.className = "meaning";
bubble.id = "meaning";
bubble.setAttribute("role", "tooltip");
bubble.hidden = true;
document.body.append(bubble);

const kept = new Map();
let shown = null;
let timer = 0;

/** The meaning of the word a link stands for, or null; fetched once where the page has it not. */
async function meaning(link) {
  if (link.hash.startsWith("#word-")) {
    return document.getElementById(link.hash.slice(1))?.nextElementSibling.textContent ?? null;
  }
  const [, family, name] = link.pathname.match(/^\/(factors|outcomes)\/([^/]+)$/) ?? [];
  if (!family) return null;
  const word = `${SCHEMES[family]}-${name}`;
  if (!kept.has(word)) {
    const answer = await fetch(`/words/${word}`).catch(() => null);
    if (!answer?.ok) return null;
    kept.set(word, await answer.text());
  }
  return kept.get(word);
}

async function show(link) {
  shown = link;
  const meant = await meaning(link);
  if (!meant || shown !== link) return;
  bubble.textContent = meant;
  bubble.hidden = false;
  link.setAttribute("aria-describedby", bubble.id);
  const at = link.getClientRects()[0];
  const left = Math.min(at.left, document.documentElement.clientWidth - bubble.offsetWidth - 8);
  const below = at.bottom + bubble.offsetHeight + 8 < innerHeight;
  bubble.style.left = `${Math.max(8, left) + scrollX}px`;
  bubble.style.top = `${(below ? at.bottom + 4 : at.top - bubble.offsetHeight - 4) + scrollY}px`;
}

function hide() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  bubble.hidden = true;
}

/** It waits a moment before it comes, and before it goes: it may be pointed at itself. */
function after(moment, act) {
  clearTimeout(timer);
  timer = setTimeout(act, moment);
}

for (const link of document.querySelectorAll('main a[href^="#word-"], main a[href^="/factors/"], main a[href^="/outcomes/"]')) {
  link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && after(150, () => show(link)));
  link.addEventListener("pointerleave", () => after(200, hide));
  link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
  link.addEventListener("blur", hide);
}
bubble.addEventListener("pointerenter", () => clearTimeout(timer));
bubble.addEventListener("pointerleave", () => after(200, hide));
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

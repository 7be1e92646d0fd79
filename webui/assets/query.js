// The editor over the plain form of /query, where its bundle was built. Without it, or without
// JavaScript, the form works as it is. Nothing is asked of another host, nothing is kept in the
// browser: the query is in the address.

const form = document.querySelector("form.editor");
const field = form.elements.query;
const answer = document.getElementById("answer-place");

// The result table's column resizer writes a <style> element, which the page's policy forbids;
// its rules stand in editor.css. A <template> takes the text and does nothing with it.
const create = document.createElement.bind(document);
document.createElement = (name, options) =>
  create(String(name).toLowerCase() === "style" ? "template" : name, options);

const { Yasqe, Yasr } = window.Yasgui;

let known = { prefixes: {}, names: [] };
const names = fetch("/query/names.json", { headers: { Accept: "application/json" } })
  .then((reply) => reply.json())
  .then((found) => { known = found; })
  .catch(() => {});

// Completers of our own; the stock ones ask a web service.
function matching(kinds, typed) {
  const wanted = typed.replace(/^<|>$/g, "").toLowerCase();
  const local = wanted.slice(wanted.indexOf(":") + 1);
  const fits = (one) =>
    one.name.toLowerCase().startsWith(wanted) ||
    (local && (one.name.toLowerCase().includes(local) || one.label.toLowerCase().includes(local)) &&
      (!wanted.includes(":") || one.name.startsWith(wanted.split(":")[0] + ":")));
  const order = ["factor", "dimension"];
  const scheme = (one) => (order.indexOf(one.name.split(/[:-]/)[1]) + 3) % 3;
  const first = (one) =>
    one.name.toLowerCase().startsWith(wanted) ? 0
      : one.label.toLowerCase().startsWith(local) ? 1 + scheme(one) / 10 : 2 + scheme(one) / 10;
  return known.names
    .filter((one) => kinds.includes(one.kind) && fits(one))
    .sort((a, b) => first(a) - first(b) || a.name.localeCompare(b.name))
    .slice(0, 60)
    .map((one) => one.name);
}

function labelled(_yasqe, hints) {
  const labels = new Map(known.names.map((one) => [one.name, one.label]));
  for (const hint of hints) hint.displayText = `${hint.text}  ${labels.get(hint.text) ?? ""}`;
  return hints;
}

const stock = Yasqe.Autocompleters;
const isWord = (token) => token.string.length > 1 && !/^[?$"'<#\d]/.test(token.string);
const inBody = (yasqe) => isWord(yasqe.getCompleteToken()) &&
  !["string", "comment"].includes(yasqe.getCompleteToken().type);

function completer(name, kinds, valid) {
  return {
    name, bulk: false, autoShow: true, isValidCompletionPosition: valid,
    get: (_yasqe, token) => names.then(() => matching(kinds, token.string)),
    postprocessHints: labelled,
  };
}

Yasqe.registerAutocompleter(completer("our-classes", ["class"],
  (yasqe) => inBody(yasqe) && stock.class.isValidCompletionPosition(yasqe)), false);
Yasqe.registerAutocompleter(completer("our-properties", ["property"],
  (yasqe) => inBody(yasqe) && stock.property.isValidCompletionPosition(yasqe)), false);
Yasqe.registerAutocompleter(completer("our-concepts", ["concept", "class", "property"],
  (yasqe) => inBody(yasqe) && yasqe.getCompleteToken().string.includes(":")), false);
Yasqe.registerAutocompleter({
  ...stock.prefixes, name: "our-prefixes", persistenceId: null,
  get: () => names.then(() =>
    Object.entries(known.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort()),
}, false);

const place = create("div");
place.className = "editor__mount";
field.before(place);
const released = { Tab: false, "Shift-Tab": false };
const yasqe = new Yasqe(place, {
  value: field.value, persistenceId: null, consumeShareLink: null, createShareableLink: null,
  showQueryButton: false, resizeable: false, editorHeight: "auto", viewportMargin: Infinity,
  collapsePrefixesOnLoad: false, screenReaderLabel: "SPARQL query", extraKeys: released,
  autocompleters: ["our-prefixes", "our-classes", "our-properties", "our-concepts", "variables"],
  requestConfig: { endpoint: new URL("/sparql", location.href).href, method: "POST" },
});
yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), ...released });
field.hidden = true;

const input = yasqe.getInputField();
input.setAttribute("aria-label", "SPARQL query");
input.setAttribute("aria-describedby", "editor-keys");
for (const button of place.querySelectorAll("button:not([aria-label])"))
  button.setAttribute("aria-label", button.title || "Editor");
form.querySelector("label[for=text]").addEventListener("click", (event) => {
  event.preventDefault();
  yasqe.focus();
});
document.getElementById("editor-keys").hidden = false;

function completed() {
  const declared = yasqe.getPrefixesFromQuery();
  const bare = yasqe.getValue().replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, " ");
  const missing = {};
  for (const [, prefix] of bare.matchAll(/(?<![\w:?$-])([A-Za-z][\w-]*):/g))
    if (!(prefix in declared) && prefix in known.prefixes) missing[prefix] = known.prefixes[prefix];
  if (Object.keys(missing).length) yasqe.addPrefixes(missing);
  field.value = yasqe.getValue();
}

// The answer, in the views that come with the editor.
let yasr;
function shown() {
  if (yasr) return yasr;
  answer.replaceChildren();
  const section = create("section");
  section.className = "panel";
  const heading = create("h2");
  heading.id = "answer";
  heading.tabIndex = -1;
  heading.textContent = "Answer";
  section.setAttribute("aria-labelledby", "answer");
  const body = create("div");
  section.append(heading, body);
  answer.append(section);
  yasr = new Yasr(body, {
    persistenceId: null, prefixes: () => ({ ...known.prefixes, data: "https://w3id.org/partnering/data/" }), pluginOrder: ["table", "response"],
    defaultPlugin: "table", errorRenderers: [refused], getPlainQueryLinkToEndpoint: () =>
      `/sparql?${new URLSearchParams({ query: yasqe.getValue() })}`,
  });
  body.querySelector(".yasr_external_ref_btn")?.remove();
  yasr.on("drawn", tidied);
  body.addEventListener("pointerover", homely);
  body.addEventListener("focusin", homely);
  return yasr;
}

// Names the views leave out.
function tidied() {
  for (const [wanted, label] of [
    [".yasr_results table", "Answer of the query"], [".yasr_results .CodeMirror textarea", "Response as it came"],
    [".tableSizer", "Rows on a page"],
  ]) for (const one of answer.querySelectorAll(wanted)) one.setAttribute("aria-label", label);
  for (const one of answer.querySelectorAll(".yasr_results, .dt-layout-table, .dataTables_wrapper"))
    if (one.scrollWidth > one.clientWidth) { one.tabIndex = 0; one.setAttribute("role", "region"); one.setAttribute("aria-label", "Rows of the answer"); }
  const first = answer.querySelector("th .dt-column-title:empty");
  if (first) first.append(Object.assign(create("span"), { className: "unseen", textContent: "Row" }));
}

// What was wrong and how to mend it, as the endpoint says it.
async function refused(error) {
  let said;
  try { said = JSON.parse(error.text); } catch { said = { error: error.text || error.statusText }; }
  const place = create("div");
  const what = create("p");
  what.className = "fault";
  what.textContent = [said.where, said.error].filter(Boolean).join(": ");
  place.append(what);
  if (said.mend) place.append(Object.assign(create("p"), { textContent: `To mend: ${said.mend}` }));
  return place;
}

// A thing of ours is told of here, whatever its name begins with.
function homely(event) {
  const link = event.target.closest?.("a.iri");
  const base = "https://w3id.org/partnering/";
  if (link?.getAttribute("href").startsWith(base)) {
    const path = link.getAttribute("href").slice(base.length);
    link.href = `/${path.replace(/^ontology#/, "ontology#")}`;
    link.removeAttribute("target");
  }
}

const told = document.getElementById("editor-told");
yasqe.on("query", () => { told.textContent = "Running …"; });
yasqe.on("queryResponse", (_yasqe, response, duration) => {
  shown().setResponse(response, duration);
  told.textContent = answer.querySelector(".yasr_response_chip")?.textContent || "Answered.";
  document.getElementById("answer").scrollIntoView({ block: "nearest" });
});

async function run() {
  await names;
  completed();
  const here = new URL(location.href);
  here.search = new URLSearchParams({ query: yasqe.getValue() });
  here.hash = "";
  // Very long queries stay out of the address.
  if (here.href.length < 8000) history.replaceState(null, "", here);
  yasqe.query().catch(() => {});
}

yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), "Ctrl-Enter": run, "Cmd-Enter": run });
form.addEventListener("submit", (event) => {
  completed();
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  run();
});
yasqe.on("blur", () => { field.value = yasqe.getValue(); });
document.documentElement.dataset.editor = "ready";

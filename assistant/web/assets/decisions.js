// Past decisions. What is searched lives in the history's state, never in the address: it survives a reload and the Back
// button, and no word of a case stands in an address. The address names the decision that is open, or the two compared.
import { letterOf } from "/page/keys.js";
import { comparing } from "/page/decision_compare.js";
import { letterPane } from "/page/decision_letter.js";
import { savedSearches } from "/page/decision_saved.js";
import { call, debounce, h, part, place, show } from "/page/dom.js";

const STEP = 30;
const MOST = 200;
const CHOICES = ["outcome", "service", "region", "guideline", "specialty", "modified", "decided_from", "decided_to", "illustrative"];
const PARTS = { decided: ["decided_from", "decided_to"] };
const START = { words: "", choices: {}, sort: "relevance", like: "", exact: false, limit: STEP, id: "", page: 0, pair: [], picked: [], at: null };
const FIELD = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function start(root, server) {
  const split = part(root, "split");
  const results = part(root, "results");
  const form = part(root, "form");
  const words = part(root, "words");
  const sort = part(root, "sort");
  const found = part(root, "found");
  const facets = part(root, "facets");
  const chips = part(root, "chips");
  const said = part(root, "said");
  const failed = part(root, "error");
  const days = { decided_from: part(root, "decided_from"), decided_to: part(root, "decided_to") };
  const narrow = matchMedia("(max-width: 1180px)");
  let state = opened();
  let turn = 0;
  let asked = null;
  let sought = "";

  const view = { root, server, go, found, split, narrow: () => matchMedia("(max-width: 760px)").matches, get state() { return state; }, get sought() { return sought; } };
  const saved = savedSearches(view, (one) => go({ ...START, picked: state.picked, words: one.words, choices: one.choices }));
  const pair = comparing(view);
  const letter = letterPane(view, pair);

  if (narrow.matches) part(root, "filters").open = false;
  narrow.addEventListener("change", () => { part(root, "filters").open = !narrow.matches; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search({ words: words.value.trim(), like: "", exact: false });
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "outcome") choose("outcome", event.target.value);
    if (event.target === sort) go({ sort: sort.value, at: null });
  });
  form.dataset.ready = "true"; // from here on a search is heard; before, method="dialog" keeps the page and the words
  for (const [name, field] of Object.entries(days)) field.addEventListener("change", () => choose(name, field.value));
  facets.addEventListener("click", (event) => {
    const value = event.target.closest("[data-facet]");
    if (!value) return;
    const { facet } = value.dataset;
    const meant = facet === "modified" ? value.dataset.value === "yes" : value.dataset.value;
    if (facet === "year") pickYear(value);
    else choose(facet, value.getAttribute("aria-pressed") === "true" ? "" : meant);
  });
  const acts = {
    like: (id) => search({ words: "", like: id, choices: {}, exact: false, id: state.id }),
    exact: () => go({ exact: true }),
    more: () => go({ limit: Math.min(MOST, state.limit + STEP) }),
    try: (sentence) => search({ words: sentence, like: "", exact: false }),
    drop: (name) => drop(PARTS[name] ?? [name]),
    csv: (_, button) => download(button),
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-decision]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      go({ id: link.dataset.decision, page: 0 });
      return;
    }
    const button = event.target.closest("button");
    for (const [name, value] of Object.entries(button?.dataset ?? {})) acts[name]?.(value, button);
  });
  split.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
    else if (!event.target.closest(FIELD)) single(event);
  });
  addEventListener("popstate", (event) => {
    state = { ...START, ...event.state?.decisions };
    follow(true);
  });
  const keepPlace = debounce(() => {
    if (!state.pair.length && !(state.id && view.narrow())) history.replaceState({ ...history.state, decisions: { ...state, at: whereabouts() } }, "");
  }, 250);
  results.addEventListener("scroll", keepPlace, { passive: true });
  addEventListener("scroll", keepPlace, { passive: true });

  function whereabouts() {
    return { pane: results.scrollTop, window: scrollY };
  }

  // An address names a decision, or two; words and choices in it come from another view, are taken over, and leave it.
  function opened() {
    const query = new URLSearchParams(location.search);
    const [id, other, q] = ["id", "with", "q"].map((name) => query.get(name) ?? "");
    const page = Number.parseInt(query.get("page") ?? "", 10) || 0;
    const kept = { ...START, ...history.state?.decisions };
    const same = history.state?.decisions && (other ? kept.pair[0] === id && kept.pair[1] === other : kept.id === id && !kept.pair.length);
    const choices = Object.fromEntries(CHOICES.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
    const named = q || Object.keys(choices).length;
    const fresh = other ? { ...START, pair: [id, other], picked: [id, other] } : { ...START, id, page, words: q, choices, like: id && !named ? id : "" };
    const now = same && !named ? kept : fresh;
    history.replaceState({ ...history.state, decisions: now }, "", address(now));
    return now;
  }

  function address({ id, page, pair: [first, second] }) {
    const query = new URLSearchParams(second ? { id: first, with: second } : id ? { id, ...(page ? { page } : {}) } : {});
    return query.size ? `/decisions?${query}` : "/decisions";
  }

  // A step that can be taken back, or, with `instead`, a change of the step that was taken.
  function go(changes, { instead = false, restore = false } = {}) {
    if (!instead && !state.pair.length && !(state.id && view.narrow())) state = { ...state, at: whereabouts() };
    if (!instead) history.replaceState({ ...history.state, decisions: state }, "");
    state = { ...state, ...changes };
    history[instead ? "replaceState" : "pushState"]({ decisions: state }, "", address(state));
    return follow(restore);
  }

  function search(changes) {
    results.scrollTop = 0;
    return go({ limit: STEP, id: "", page: 0, at: null, ...changes });
  }

  function choose(name, value) {
    const choices = { ...state.choices, [name]: value };
    for (const key of CHOICES) if (choices[key] === "" || choices[key] === undefined) delete choices[key];
    go({ choices, limit: STEP });
  }

  function drop(names) {
    const choices = { ...state.choices };
    for (const name of names) delete choices[name];
    go({ choices, limit: STEP });
  }

  function pickYear(value) {
    const year = value.dataset.value;
    if (value.getAttribute("aria-pressed") === "true") drop(PARTS.decided);
    else go({ choices: { ...state.choices, decided_from: `${year}-01-01`, decided_to: `${year}-12-31` }, limit: STEP });
  }

  function walk(event) {
    const links = [...found.querySelectorAll("[data-decision]")];
    const near = document.activeElement.closest("[data-found]")?.querySelector("[data-decision]");
    const at = links.indexOf(near);
    if (!links.length || (at < 0 && ![words, results].includes(document.activeElement))) return;
    event.preventDefault();
    if (at === 0 && event.key === "ArrowUp") words.focus();
    else links[Math.max(0, Math.min(links.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  }

  function single(event) {
    const letter = letterOf(event);
    if (letter === "search") {
      event.preventDefault();
      words.focus();
      words.select();
    } else if (letter === "compare") {
      const id = event.target.closest("[data-found]")?.dataset.found ?? (event.target.closest("[data-part=letter]") ? state.id : "");
      if (id) pair.pick(id, { compare: true });
    }
  }

  async function follow(restore = false) {
    const mine = ++turn;
    if (document.activeElement !== words || state.words) words.value = state.words;
    sort.value = state.sort;
    for (const [name, field] of Object.entries(days)) field.value = state.choices[name] ?? "";
    for (const choice of form.querySelectorAll("input[name=outcome]")) choice.checked = choice.value === (state.choices.outcome ?? "");
    show(failed, "");
    try {
      const compared = await pair.follow();
      if (mine !== turn || compared) return;
      await find(mine);
      if (mine !== turn) return;
      await letter.follow(() => mine === turn);
      if (mine === turn && restore && state.at) settle();
    } catch (error) {
      if (mine === turn) show(failed, error.message);
    } finally {
      if (mine === turn) {
        found.classList.remove("waiting");
        found.removeAttribute("aria-busy");
      }
    }
  }

  function settle() {
    results.scrollTop = state.at.pane;
    if (!(state.id && view.narrow())) scrollTo(0, state.at.window);
  }

  // What a search cannot find is said, and the decision that is open is read nevertheless.
  async function find(mine) {
    const { words: typed, choices, sort: order, like, exact, limit } = state;
    const query = { words: typed, choices, sort: order, like, exact, limit };
    const wanted = JSON.stringify(query);
    if (wanted === asked) return;
    found.classList.add("waiting");
    found.setAttribute("aria-busy", "true");
    said.textContent = "Searching";
    try {
      const answer = await call(server, "find_decisions", query);
      if (mine !== turn) return;
      asked = wanted;
      sought = answer.words;
      const spot = spotted();
      place(facets, answer.facets);
      refocus(spot);
      place(found, answer.html);
      said.textContent = answer.said;
      paintChips(answer.chosen);
      saved.paint();
      pair.paint();
    } catch (error) {
      if (mine !== turn) return;
      said.textContent = "";
      show(failed, error.message);
    }
  }

  // A facet that was clicked keeps the focus although the list is drawn anew.
  function spotted() {
    const { facet, value } = document.activeElement?.dataset ?? {};
    return facet ? [facet, value] : null;
  }

  function refocus(spot) {
    if (!spot) return;
    [...facets.querySelectorAll("[data-facet]")].find((b) => b.dataset.facet === spot[0] && b.dataset.value === spot[1])?.focus();
  }

  function paintChips(chosen) {
    const made = chosen.map(({ name, label }) =>
      h("button", { class: "chip", type: "button", "aria-label": `Take away ${label}`, onclick: () => takeAway(name) }, label, h("span", { "aria-hidden": "true" }, " ×")));
    if (chosen.length > 1) made.push(h("button", { class: "quiet", type: "button", onclick: () => go({ choices: {}, like: "", limit: STEP }) }, "Clear all"));
    chips.replaceChildren(...made);
    chips.hidden = !made.length;
  }

  function takeAway(name) {
    if (name === "like") go({ like: "", limit: STEP });
    else choose(name, "");
  }

  // The words go in the request's body: an address is remembered by the browser.
  async function download(button) {
    const { words: typed, choices, sort: order, like, exact } = state;
    const label = button.textContent;
    button.disabled = true;
    button.textContent = "Writing the list";
    try {
      const body = JSON.stringify({ words: typed, choices, sort: order, like, exact });
      const answer = await fetch("/decisions.csv", { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!answer.ok) throw new Error(await answer.text());
      const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: "decisions.csv" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      show(failed, error instanceof TypeError ? "The list did not come whole; see in the terminal whether the program runs, and try again." : error.message);
    } finally {
      button.disabled = false;
      button.textContent = label;
    }
  }

  (async () => {
    await follow(true);
    await saved.load();
  })();
}

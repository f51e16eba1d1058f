// Past decisions. What is searched and read lives in the history's state, never in the address: it survives a reload
// and the Back button, and no word of a case stands in an address.
import { call, h, part, place, show } from "/page/dom.js";

const STEP = 30;
const MOST = 200;
const CHOICES = ["outcome", "service", "region", "guideline", "specialty", "modified", "decided_from", "decided_to"];
const START = { words: "", choices: {}, sort: "relevance", like: "", exact: false, limit: STEP, id: "" };

export function start(root, server) {
  const split = part(root, "split");
  const form = part(root, "form");
  const words = part(root, "words");
  const sort = part(root, "sort");
  const found = part(root, "found");
  const facets = part(root, "facets");
  const chips = part(root, "chips");
  const saved = part(root, "saved");
  const letter = part(root, "letter");
  const failed = part(root, "error");
  const days = { decided_from: part(root, "decided_from"), decided_to: part(root, "decided_to") };
  const narrow = matchMedia("(max-width: 1180px)");
  let state = opened();
  let turn = 0;
  let asked = null;
  let sought = "";
  let kept = [];

  if (narrow.matches) part(root, "filters").open = false;
  narrow.addEventListener("change", () => { part(root, "filters").open = !narrow.matches; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ words: words.value.trim(), like: "", exact: false, limit: STEP, id: "" });
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "outcome") choose("outcome", event.target.value);
    if (event.target === sort) go({ sort: sort.value });
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
  found.addEventListener("click", (event) => {
    const link = event.target.closest("[data-decision]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      go({ id: link.dataset.decision });
    }
    const like = event.target.closest("[data-like]");
    if (like) go({ words: "", like: like.dataset.like, choices: {}, exact: false, limit: STEP });
    if (event.target.closest("[data-exact]")) go({ exact: true });
    if (event.target.closest("[data-more]")) go({ limit: Math.min(MOST, state.limit + STEP) });
  });
  part(root, "split").addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...found.querySelectorAll("[data-decision]")];
    const at = links.indexOf(document.activeElement);
    if (!links.length || (at < 0 && document.activeElement !== words)) return;
    event.preventDefault();
    if (at === 0 && event.key === "ArrowUp") words.focus();
    else links[Math.max(0, Math.min(links.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  });
  addEventListener("popstate", (event) => {
    state = { ...START, ...event.state?.decisions };
    follow();
  });

  // An address that another view links to names a decision, or words; they are taken over and leave the address.
  function opened() {
    const query = new URLSearchParams(location.search);
    const id = query.get("id") ?? "";
    const q = query.get("q") ?? "";
    const now = id || q ? { ...START, id, words: q, like: id && !q ? id : "" } : { ...START, ...history.state?.decisions };
    history.replaceState({ ...history.state, decisions: now }, "", "/decisions");
    return now;
  }

  function go(changes) {
    state = { ...state, ...changes };
    history.pushState({ decisions: state }, "", "/decisions");
    follow();
  }

  function choose(name, value) {
    const choices = { ...state.choices, [name]: value };
    for (const key of CHOICES) if (choices[key] === "" || choices[key] === undefined) delete choices[key];
    go({ choices, limit: STEP });
  }

  function pickYear(value) {
    const year = value.dataset.value;
    const off = value.getAttribute("aria-pressed") === "true";
    const choices = { ...state.choices, decided_from: `${year}-01-01`, decided_to: `${year}-12-31` };
    if (off) { delete choices.decided_from; delete choices.decided_to; }
    go({ choices, limit: STEP });
  }

  async function follow() {
    const mine = ++turn;
    if (document.activeElement !== words || state.words) words.value = state.words;
    sort.value = state.sort;
    for (const [name, field] of Object.entries(days)) field.value = state.choices[name] ?? "";
    for (const choice of form.querySelectorAll("input[name=outcome]")) choice.checked = choice.value === (state.choices.outcome ?? "");
    const { id, ...query } = state;
    const wanted = JSON.stringify(query);
    try {
      show(failed, "");
      if (wanted !== asked) {
        found.classList.add("waiting");
        const answer = await call(server, "find_decisions", query);
        if (mine !== turn) return;
        asked = wanted;
        sought = answer.words;
        const spot = spotted();
        place(facets, answer.facets);
        refocus(spot);
        place(found, answer.html);
        paintChips(answer.chosen);
        paintSaved();
      }
      await read(id, mine);
    } catch (error) {
      if (mine === turn) show(failed, error.message);
    } finally {
      if (mine === turn) found.classList.remove("waiting");
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

  function paintSaved(message = "") {
    const something = state.words || Object.keys(state.choices).length;
    const list = kept.map((one) => h("li", {},
      h("button", { class: "quiet", type: "button", onclick: () => run(one) }, one.name),
      h("button", { class: "forget", type: "button", "aria-label": `Delete the saved search ${one.name}`, onclick: () => keep("delete_search", { name: one.name }) }, "×")));
    const name = h("input", { type: "search", "aria-label": "Name of the saved search", placeholder: "Name", maxlength: 80, autocomplete: "off" });
    const save = h("form", { class: "save", onsubmit: (event) => {
      event.preventDefault();
      keep("save_search", { name: name.value.trim(), words: state.words, choices: state.choices });
    } }, name, h("button", { class: "btn", type: "submit" }, "Save"));
    saved.replaceChildren(...[
      h("h2", {}, "Saved searches"),
      list.length ? h("ul", {}, list) : null,
      something ? h("details", {}, h("summary", { class: "quiet" }, "Save this search"), save) : null,
      !list.length && !something ? h("p", { class: "small" }, "None yet. Search, then save the search here.") : null,
      message ? h("p", { class: "notice error", role: "alert" }, message) : null].filter(Boolean));
  }

  function run(one) {
    go({ ...START, words: one.words, choices: one.choices });
  }

  async function keep(act, values) {
    try {
      kept = (await call(server, act, values)).searches;
      paintSaved();
    } catch (error) {
      paintSaved(error.message);
    }
  }

  async function read(id, mine) {
    for (const link of found.querySelectorAll("[data-decision]")) {
      link.closest("article").classList.toggle("open", link.dataset.decision === id);
    }
    split.classList.toggle("opened", Boolean(id));
    if (!id) {
      letter.replaceChildren(h("p", { class: "none-yet" }, "A decision that you open is shown here in its letter."));
      return;
    }
    const answer = await call(server, "read_decision", { decision: id, words: sought });
    if (mine !== turn) return;
    place(letter, answer.html);
    letter.prepend(h("button", { class: "quiet close", type: "button", onclick: () => go({ id: "" }) }, "Back to the results"));
    letter.querySelector("[data-lit]")?.scrollIntoView({ block: "nearest" });
  }

  (async () => {
    await follow();
    await keep("saved_searches", {});
  })();
}

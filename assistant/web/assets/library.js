// The library: editions on lines of time on the left, one of them as a document on the right; the address names it.
import { call, calm, debounce, h, part, place, say, show } from "/page/dom.js";
import { startGuidelineImport } from "/page/guideline_import.js";

const KEPT = ["on", "by"]; // what an address keeps when another edition is opened

export function start(root, server) {
  const list = part(root, "list");
  const text = part(root, "text");
  const words = part(root, "words");
  const on = part(root, "on");
  const anyDay = part(root, "on-clear");
  const failed = part(root, "error");
  let listed = 0; // the newest request for the list; answers of earlier ones are passed over
  let opened = 0;
  let shown = ""; // label of the edition that is open

  // --- the list ---

  words.addEventListener("input", debounce(fill, 150));
  on.addEventListener("change", () => { if (on.checkValidity()) look({ on: on.value }); });
  anyDay.addEventListener("click", () => { look({ on: "" }); on.focus(); });
  for (const choice of root.querySelectorAll("[name=by]")) {
    choice.addEventListener("change", () => look({ by: choice.value === "body" ? "" : choice.value }));
  }

  function look(changed) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changed)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    history.replaceState(null, "", address(query));
    fill();
  }

  function address(query) {
    return String(query) ? `/library?${query}` : "/library";
  }

  function looking() {
    const query = new URLSearchParams(location.search);
    return { on: query.get("on") ?? "", by: query.get("by") === "era" ? "era" : "body" };
  }

  async function fill() {
    const turn = ++listed;
    const how = looking();
    on.value = how.on;
    anyDay.hidden = !how.on;
    root.querySelector(`[name=by][value=${how.by}]`).checked = true;
    const sought = words.value.trim();
    try {
      const answer = sought
        ? await call(server, "find_in_guidelines", { words: sought, ...how })
        : await call(server, "list_guidelines", how);
      if (turn !== listed) return;
      show(failed, "");
      place(list, answer.html);
      part(root, "said").textContent = answer.said ?? "";
      mark();
    } catch (error) {
      if (turn === listed) show(failed, error.message);
    }
  }

  function mark() {
    for (const link of list.querySelectorAll("[data-guideline]")) {
      if (link.dataset.guideline === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // --- links: one edition, passage or criterion, without loading the page anew ---

  root.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = event.target.closest?.("[data-guideline], [data-passage]");
    if (to?.matches("a")) {
      event.preventDefault();
      const { guideline, passage, criterion } = to.dataset;
      go(passage ? { passage, criterion } : { guideline });
      return;
    }
    const section = event.target.closest?.("[data-section]");
    if (!section) return;
    event.preventDefault();
    const heading = text.querySelector(`#section-${section.dataset.section} h2`);
    heading.focus({ preventScroll: true });
    bring(heading, 12, calm());
  });
  addEventListener("popstate", () => { fill(); read(); });

  function go(target) {
    const now = new URLSearchParams(location.search);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(target)) if (value) query.set(name, value);
    for (const name of KEPT) if (now.get(name)) query.set(name, now.get(name));
    history.pushState(null, "", address(query));
    read();
  }

  // --- the document ---

  async function read({ stay = false } = {}) {
    const turn = ++opened;
    const query = new URLSearchParams(location.search);
    const named = { guideline: query.get("guideline") ?? "", passage: query.get("passage") ?? "", criterion: query.get("criterion") ?? "" };
    const open = Boolean(named.guideline || named.passage);
    part(root, "split").classList.toggle("opened", open);
    if (!open) {
      shown = "";
      mark();
      text.replaceChildren(h("p", { class: "none-yet" }, "A guideline that you open is shown here."));
      return;
    }
    const at = text.scrollTop;
    try {
      const answer = await call(server, "read_guideline", { ...named, ...looking() });
      if (turn !== opened) return;
      place(text, answer.html);
      shown = answer.label;
      mark();
      const lit = text.querySelector("[data-lit]");
      if (stay) text.scrollTop = at;
      else if (lit) bring(lit, Math.max(40, (text.clientHeight - lit.clientHeight) / 3));
      else text.scrollTop = 0;
    } catch (error) {
      if (turn !== opened) return;
      text.replaceChildren(h("p", { class: "notice error" }, error.message));
    }
    text.prepend(h("button", { class: "quiet close", type: "button", onclick: () => go({}) }, "Back to the list"));
  }

  // Scrolls the pane alone, so that the page stays where it is; where the pane is no taller than its text, the page.
  function bring(element, above, behavior = "auto") {
    if (getComputedStyle(text).overflowY !== "auto") element.scrollIntoView({ block: "start", behavior });
    else text.scrollTo({ top: text.scrollTop + element.getBoundingClientRect().top - text.getBoundingClientRect().top - above, behavior });
  }

  // --- changes ---

  text.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const dates = part(text, "dates-form");
    if (button.matches("[data-open-dates], [data-close-dates]")) {
      dates.hidden = !dates.hidden;
      const opener = text.querySelector("[data-open-dates]");
      opener.setAttribute("aria-expanded", String(!dates.hidden));
      (dates.hidden ? opener : dates.elements.start).focus();
    } else if (button.dataset.act) {
      const { act, ofSection, ofPassage, key } = button.dataset;
      change(act, { guideline: shown, ...(ofSection && { section: ofSection }), ...(ofPassage && { passage: ofPassage }) }, key);
    }
  });
  text.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const given = Object.fromEntries(["start", "end", "note"].map((name) => [name, form.elements[name].value]));
    const refused = await change("correct_dates", { guideline: shown, ...given }, "dates-open");
    if (refused && form.isConnected) show(part(form, "dates-error"), refused);
  });

  const BACK = { switch_off: "switch_on", switch_on: "switch_off", correct_dates: "undo_dates" };

  // Returns the sentence by which it was refused, where it was.
  async function change(act, values, key) {
    try {
      const { said } = await call(server, act, values);
      const { guideline, section, passage } = values;
      const back = { guideline, ...(section && { section }), ...(passage && { passage }) };
      const undo = BACK[act] && { label: "Undo", act: () => change(BACK[act], back, key) };
      say(root, said, undo);
      await Promise.all([fill(), read({ stay: true })]);
      [...text.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus({ preventScroll: true });
      return "";
    } catch (error) {
      if (act !== "correct_dates") say(root, error.message);
      return error.message;
    }
  }

  startGuidelineImport(root, async (label, report) => {
    words.value = "";
    go({ guideline: label });
    await fill();
    await read();
    text.querySelector("h1")?.before(report);
  });
  fill();
  read();
}

// The tour of five steps: offered once on the first page, it drafts a sample case and shows it pane by pane.
import { call, h, part } from "/page/dom.js";

const SEEN = "imr-toured";
const STEP = "imr-tour-step"; // of this tab, across the way from the first page to the case
const STEPS = [
  { at: "/", spot: '[data-part="text"]', title: "A case comes in here", say: "Paste a summary, drop a file, or take a sample. The tour drafts a sample case now; nothing leaves this machine." },
  { at: "/case", spot: '[data-pane="case"]', title: "What the case says", say: "The summary as it was given. Lines under the words tell what was read: diagnoses, treatment, complaints, the request. Dashed is denied, planned or unclear." },
  { at: "/case", spot: '[data-pane="evidence"]', title: "What the guideline asks", say: "Each criterion with what was found. A click on a quotation lights it in the case. Where the criteria point is a sentence; the outcome is yours: Uphold or Overturn." },
  { at: "/case", spot: '[data-pane="draft"]', title: "What you write", say: "Plain text to type in. Numbers show what a sentence rests on, your own words are tinted, a wavy line has no support. Everything is saved as you type. Below it, ask or say what to change." },
  { at: "/case", spot: "[data-open-letter]", title: "Check and export", say: "The letter as it will look, with the appeal check beside it: DOCX, PDF, Markdown, the clipboard or the printer. Ctrl+K finds and does everything; the shortcuts are listed there." },
];

export function tourCommand() {
  return { label: "Take the tour: five steps", run: () => begin() };
}

function begin() {
  sessionStorage.setItem(STEP, "0");
  if (location.pathname === "/") location.reload();
  else location.assign("/");
}

export function startTour(root, server) {
  const step = sessionStorage.getItem(STEP);
  if (step !== null) {
    whenThere(root, STEPS[Number(step)], () => show(root, server, Number(step)));
    return;
  }
  const start = part(root, "start");
  if (!start || localStorage.getItem(SEEN)) return;
  const note = h("p", { class: "notice tour-offer" }, "New here? ",
    h("button", { class: "quiet", type: "button", onclick: () => begin() }, "Take the tour: five steps, two minutes"), " ",
    h("button", { class: "quiet", type: "button", onclick: () => { localStorage.setItem(SEEN, "no"); note.remove(); } }, "Not now"));
  start.before(note);
}

// A step waits for the place that it shows; the case's own parts come with its draft.
function whenThere(root, step, act) {
  if (!step || step.at !== (location.pathname.replace(/\/+$/, "") || "/")) {
    sessionStorage.removeItem(STEP);
    return;
  }
  const there = () => root.querySelector(step.spot)?.textContent !== "" || step.at === "/";
  if (root.querySelector(step.spot) && there()) { act(); return; }
  const watch = new MutationObserver(() => {
    if (!root.querySelector(step.spot) || !there()) return;
    watch.disconnect();
    act();
  });
  watch.observe(root, { childList: true, subtree: true });
}

function show(root, server, number) {
  root.querySelector(".tour")?.remove();
  root.querySelector(".toured")?.classList.remove("toured");
  const step = STEPS[number];
  const spot = root.querySelector(step.spot);
  spot?.classList.add("toured");
  spot?.scrollIntoView({ block: "nearest" });
  const last = number === STEPS.length - 1;
  const wrong = h("p", { class: "small", role: "alert" });
  const end = () => {
    sessionStorage.removeItem(STEP);
    localStorage.setItem(SEEN, "yes");
    spot?.classList.remove("toured");
    box.remove();
  };
  const next = async () => {
    if (last) { end(); return; }
    sessionStorage.setItem(STEP, String(number + 1));
    if (number > 0) { show(root, server, number + 1); return; }
    try {
      const sample = root.querySelector("[data-sample]").dataset.sample;
      const { text, day } = await call(server, "sample_case", { name: sample });
      const made = await call(server, "create_case", { text, day });
      location.assign(`/case?id=${encodeURIComponent(made.id)}`);
    } catch (error) {
      sessionStorage.setItem(STEP, "0");
      wrong.textContent = error.message;
    }
  };
  const box = h("div", { class: "tour", role: "dialog", "aria-label": `Tour, step ${number + 1} of ${STEPS.length}` },
    h("p", { class: "small" }, `Step ${number + 1} of ${STEPS.length}`), h("h2", {}, step.title), h("p", {}, step.say), wrong,
    h("p", { class: "tour-acts" },
      h("button", { class: "btn primary", type: "button", onclick: next }, last ? "Done" : number ? "Next" : "Draft a sample case"),
      h("button", { class: "btn", type: "button", onclick: end }, "End the tour")));
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
  root.querySelector(".desk").append(box);
  box.querySelector("button").focus({ preventScroll: true });
}

// What the shortcuts do in the case view.
import { say } from "/page/dom.js";
import { mayBeSingle, pressed } from "/page/keys.js";

export function watchKeys(view) {
  const acts = caseActs(view);
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const act = acts[pressed(event)];
    if (act) {
      event.preventDefault();
      act();
    } else if (mayBeSingle() && !event.ctrlKey && !event.metaKey && !event.altKey) unnamed(view, event);
  });
}

export function caseActs(view) {
  return {
    save: () => view.draft.flush().then(() => say(view.root, view.draft.dirty ? "This could not be saved yet." : "Saved already; every change is saved as you type.")),
    uphold: () => decide(view, "Upheld"),
    overturn: () => decide(view, "Overturned"),
    "pane-case": () => view.goTo("case"),
    "pane-evidence": () => view.goTo("evidence"),
    "pane-draft": () => view.goTo("draft"),
    "pane-chat": () => view.goTo("chat"),
    letter: () => view.letter.open(),
    versions: () => view.versions.open(),
    next: () => move(view, 1),
    previous: () => move(view, -1),
    insert: () => insertFocused(view),
    edit: () => view.draft.editor?.box.focus(),
  };
}

function decide(view, outcome) {
  if (view.current && view.current.decided?.outcome !== outcome) view.setOutcome(outcome);
}

function unnamed(view, event) {
  const focus = document.activeElement;
  if (/^[1-9]$/.test(event.key)) view.choose(Number(event.key) - 1);
  else if (event.key === "Enter" && focus.matches("tr[data-finding]")) focus.querySelector(".q")?.click();
}

function move(view, step) {
  const rows = [...view.panes.evidence.querySelectorAll("tr[data-finding]")];
  const at = rows.indexOf(document.activeElement.closest("tr[data-finding]"));
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus();
}

// What the focus is on, as words for the draft: a quotation, a criterion's finding, a passage's citation.
function insertFocused(view) {
  const focus = document.activeElement;
  const words = focus.closest("[data-insert]")?.dataset.insert;
  if (words) view.insert(words);
}

// The keyboard. Single keys act only while the focus is in a pane and in no field.
import { say } from "/page/dom.js";

export function watchKeys(view) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      view.draft.flush().then(() => say(view.root, view.draft.dirty ? "This could not be saved yet." : "Saved already; every change is saved as you type."));
      return;
    }
    if (event.ctrlKey && event.altKey) {
      const outcome = { u: "Upheld", o: "Overturned" }[event.key.toLowerCase()];
      if (outcome && view.current && view.current.decided?.outcome !== outcome) {
        event.preventDefault();
        view.setOutcome(outcome);
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focus = document.activeElement;
    if (!focus?.closest?.(".pane") || focus.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(focus.tagName)) return;
    single(view, event, focus);
  });
}

function single(view, event, focus) {
  if (/^[1-9]$/.test(event.key)) view.choose(Number(event.key) - 1);
  else if (event.key === "j" || event.key === "k") move(view, event.key === "j" ? 1 : -1, focus);
  else if (event.key === "Enter" && focus.matches("tr[data-finding]")) focus.querySelector(".q")?.click();
  else if (event.key === "e" && view.draft.editor) {
    event.preventDefault();
    view.draft.editor.box.focus();
  }
}

function move(view, step, focus) {
  const rows = [...view.panes.evidence.querySelectorAll("tr[data-finding]")];
  const at = rows.indexOf(focus.closest("tr[data-finding]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  next?.focus();
}

// Every shortcut by name: its keys can be changed or switched off, and the single letters all at once (WCAG 2.1.4).
const STORE = "imr-keys";

// `single`: acts only while a pane has the focus and no field has it.
export const SHORTCUTS = [
  { id: "palette", keys: "Ctrl+K", label: "Find or do anything" },
  { id: "help", keys: "?", single: true, label: "Show all shortcuts" },
  { id: "save", keys: "Ctrl+S", label: "Save now (everything is saved as you type)" },
  { id: "pane-case", keys: "Ctrl+Alt+1", label: "Go to the case summary" },
  { id: "pane-evidence", keys: "Ctrl+Alt+2", label: "Go to the evidence" },
  { id: "pane-draft", keys: "Ctrl+Alt+3", label: "Go to the draft" },
  { id: "pane-chat", keys: "Ctrl+Alt+4", label: "Go to the chat" },
  { id: "uphold", keys: "Ctrl+Alt+U", label: "Uphold" },
  { id: "overturn", keys: "Ctrl+Alt+O", label: "Overturn" },
  { id: "letter", keys: "Ctrl+Alt+E", label: "Check and export: the letter as it will look" },
  { id: "versions", keys: "Ctrl+Alt+V", label: "Versions of the draft" },
  { id: "next", keys: "j", single: true, label: "Next criterion, or next case in the list" },
  { id: "previous", keys: "k", single: true, label: "Previous criterion, or previous case" },
  { id: "insert", keys: "i", single: true, label: "Put the criterion's finding, the quotation or the citation into the draft" },
  { id: "edit", keys: "e", single: true, label: "Edit the draft" },
  { id: "pick", keys: "x", single: true, label: "In the list of cases: select the case" },
  { id: "search", keys: "/", single: true, label: "In the decisions: go to the words" },
  { id: "compare", keys: "c", single: true, label: "In the decisions: choose this one to compare" },
];
export const FIXED = [
  ["1 to 9", "Issue 1 to 9, while a pane has the focus"],
  ["Enter", "On a criterion: light its words in the case"],
  ["Esc", "Close what is open; stop a chat answer"],
  ["Arrow keys", "On a divider between panes: move it; Enter folds the pane before it"],
];

function kept() {
  try { return JSON.parse(localStorage.getItem(STORE) ?? "{}"); } catch { return {}; }
}

export function singlesOn() {
  return kept().singles !== false;
}

export function keysOf(id) {
  return kept()[id] ?? SHORTCUTS.find((one) => one.id === id)?.keys ?? "";
}

export function keepKeys(changes) {
  localStorage.setItem(STORE, JSON.stringify({ ...kept(), ...changes }));
}

export function forgetKeys() {
  localStorage.removeItem(STORE);
}

// "Ctrl+Alt+U" for what was pressed; on a Mac the command key counts as Ctrl.
export function chord(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1] ?? /^Digit(\d)$/.exec(event.code)?.[1];
  if (event.shiftKey && parts.length) parts.push("Shift");
  const key = parts.length && letter ? letter : event.key.length === 1 ? event.key : event.key;
  parts.push(parts.length && key.length === 1 ? key.toUpperCase() : key);
  return parts.join("+");
}

export function pressed(event) {
  const now = chord(event);
  const found = SHORTCUTS.find((one) => keysOf(one.id) === now);
  if (!found) return null;
  return isSingle(now) && !mayBeSingle() ? null : found.id;
}

// The name of the single letter that was pressed, for a view that knows itself where the focus is.
export function letterOf(event) {
  return singlesOn() ? SHORTCUTS.find((one) => one.single && keysOf(one.id) === event.key)?.id : undefined;
}

export function isSingle(keys) {
  return keys.length === 1;
}

// Whether a single letter is meant as a shortcut: they are on, a pane has the focus, and nothing is typed in.
export function mayBeSingle() {
  const focus = document.activeElement;
  return singlesOn() && Boolean(focus?.closest?.(".pane")) && !focus.isContentEditable && !/^(INPUT|TEXTAREA|SELECT)$/.test(focus.tagName);
}

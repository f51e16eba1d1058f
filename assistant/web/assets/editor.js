// The rationale as plain text to type in, with marks under its sentences. Marks never touch the words: a sentence is
// a <span>, its support numbers are drawn by CSS, an open slot is a field in the line. Text in, text out.
import { h } from "/page/dom.js";

const UNDO_PAUSE = 700; // ms of rest that begin a new step of undo

export class Editor {
  constructor({ onType, onPick, onLeave, onPlace }) {
    this.box = h("div", {
      class: "draft", contenteditable: "plaintext-only", role: "textbox", "aria-multiline": "true",
      "aria-label": "Decision rationale", spellcheck: "false", autocorrect: "off", "data-part": "editor",
    });
    if (this.box.contentEditable !== "plaintext-only") this.box.contentEditable = "true";
    this.editable = this.box.contentEditable;
    this.sentences = [];
    this.steps = [];
    this.undone = [];
    this.typedAt = 0;
    this.box.addEventListener("beforeinput", (event) => this.before(event));
    this.box.addEventListener("input", () => onType());
    this.box.addEventListener("paste", (event) => this.paste(event));
    this.box.addEventListener("click", (event) => {
      const span = event.target.closest?.(".s");
      if (span && getSelection().isCollapsed) onPick(Number(span.dataset.at));
    });
    this.box.addEventListener("focusout", () => { this.lastCaret = this.caret() ?? this.lastCaret; setTimeout(() => onLeave(), 0); });
    this.box.addEventListener("keyup", () => this.tellWhere(onPlace));
    this.box.addEventListener("mouseup", () => this.tellWhere(onPlace));
    this.lastCaret = null;
    this.onType = onType;
  }

  // Which sentence the caret is in; null between sentences and in a slot.
  tellWhere(onPlace) {
    const caret = this.caret();
    if (caret === null) return;
    this.lastCaret = caret;
    const span = getSelection().focusNode?.parentElement?.closest(".s");
    onPlace(span && this.box.contains(span) ? Number(span.dataset.at) : null);
  }

  // --- text out ---

  get text() {
    return [...this.box.childNodes].map(textOfNode).join("").replace(/\u00a0/g, " ").trim();
  }

  lock(locked) {
    this.box.setAttribute("aria-busy", String(locked));
    this.box.contentEditable = locked ? "false" : this.editable;
    for (const field of this.box.querySelectorAll(".slot textarea")) field.disabled = locked;
  }

  // For whoever may read the text only.
  onlyRead() {
    this.editable = "false";
    this.lock(true);
    this.box.setAttribute("aria-busy", "false");
    this.box.setAttribute("aria-readonly", "true");
  }

  get busy() {
    return this.composing || this.box.querySelector(".slot :focus") !== null;
  }

  // --- text in ---

  load(sentences) {
    this.steps = [];
    this.undone = [];
    this.write(typed(sentences), sentences);
  }

  // Mark the text as it stands; the caret stays where it is. False when the marks do not fit this text.
  mark(sentences) {
    const segments = locate(this.text, sentences);
    if (!segments) return false;
    this.sentences = sentences;
    const spans = [...this.box.querySelectorAll(".s, .slot")];
    const wanted = segments.filter((segment) => segment.sentence);
    const same = spans.length === wanted.length && this.text === this.drawnText()
      && spans.every((span, i) => !wanted[i].sentence.slot === span.classList.contains("s") && textOfNode(span) === wanted[i].text);
    if (same) spans.forEach((span, i) => dress(span, wanted[i].sentence, wanted[i].at));
    else if (!this.busy) this.write(this.text, sentences, this.caret());
    return true;
  }

  drawnText() {
    return [...this.box.childNodes].filter((n) => n.nodeType === 1 || !n.textContent.trim()).map(textOfNode).join("").replace(/\u00a0/g, " ").trim();
  }

  write(text, sentences, caret = null) {
    this.sentences = sentences;
    const segments = locate(text, sentences) ?? [{ text }];
    this.box.replaceChildren(...segments.map((segment) => this.node(segment)));
    if (caret !== null) this.setCaret(caret);
  }

  node({ text, sentence, at }) {
    if (!sentence) return document.createTextNode(text);
    if (sentence.slot) return this.slot(sentence, at);
    const span = h("span", { class: "s" }, text);
    dress(span, sentence, at);
    return span;
  }

  slot(sentence, at) {
    const field = h("textarea", { rows: 1, placeholder: sentence.t, "aria-label": `To fill: ${sentence.t}`, spellcheck: "false" });
    const fit = () => { field.style.height = "auto"; field.style.height = `${field.scrollHeight}px`; };
    field.addEventListener("input", fit);
    for (const name of ["keydown", "paste", "beforeinput"]) field.addEventListener(name, (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); field.blur(); } });
    const slot = h("span", { class: "slot", contenteditable: "false", "data-prompt": sentence.t, "data-at": at }, field);
    requestAnimationFrame(fit);
    return slot;
  }

  // --- undo of its own: the browser's does not survive marks ---

  before(event) {
    if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
      event.preventDefault();
      this.step(event.inputType === "historyUndo" ? this.steps : this.undone, event.inputType === "historyUndo" ? this.undone : this.steps);
      return;
    }
    const now = Date.now();
    if (now - this.typedAt > UNDO_PAUSE || this.steps.length === 0) this.steps.push({ text: this.text, caret: this.caret() });
    if (this.steps.length > 200) this.steps.shift();
    this.typedAt = now;
    this.undone = [];
  }

  keep() {
    this.steps.push({ text: this.text, caret: this.caret() });
    this.undone = [];
    this.typedAt = 0;
  }

  step(from, to) {
    const there = from.pop();
    if (!there) return;
    to.push({ text: this.text, caret: this.caret() });
    this.typedAt = 0;
    this.write(there.text, this.sentences, there.caret);
    this.onType();
  }

  paste(event) {
    if (this.editable === "plaintext-only") return;
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  }

  // Put words in as sentences of their own where the caret was last, else at the end.
  insert(words) {
    this.keep();
    const text = this.text;
    const at = this.lastCaret === null || this.lastCaret > text.length ? text.length : boundary(text, this.lastCaret);
    const before = text.slice(0, at).trimEnd();
    const after = text.slice(at).trimStart();
    const joined = [before, words, after].filter(Boolean).join(" ");
    this.write(joined, this.sentences);
    this.lastCaret = before.length + (before ? 1 : 0) + words.length;
    this.onType();
  }

  remove(at) {
    this.keep();
    this.box.querySelector(`.s[data-at="${at}"], .slot[data-at="${at}"]`)?.remove();
    this.onType();
  }

  select(at) {
    const span = this.box.querySelector(`[data-at="${at}"]`);
    if (!span) return;
    this.box.focus();
    getSelection().selectAllChildren(span);
    span.scrollIntoView({ block: "nearest" });
  }

  flash(at, on) {
    this.box.querySelector(`.s[data-at="${at}"]`)?.classList.toggle("lit", on);
  }

  // --- the caret, as an offset into the text ---

  caret() {
    const selection = getSelection();
    if (!selection.rangeCount || !this.box.contains(selection.focusNode) || this.box.querySelector(".slot")?.contains(selection.focusNode)) return null;
    const range = document.createRange();
    range.setStart(this.box, 0);
    range.setEnd(selection.focusNode, selection.focusOffset);
    return [...range.cloneContents().childNodes].map(textOfNode).join("").length;
  }

  setCaret(offset) {
    let left = offset;
    for (const node of this.box.childNodes) {
      const length = textOfNode(node).length;
      const words = node.nodeType === 3 ? node : node.classList.contains("s") ? node.firstChild : null;
      if (words && left <= length) {
        getSelection().collapse(words, Math.min(left, words.length));
        return;
      }
      left -= length;
    }
    getSelection().selectAllChildren(this.box);
    getSelection().collapseToEnd();
  }
}

// An open slot stands in the text as its prompt in brackets; filled, as what was typed into it.
function asTyped(sentence) {
  return sentence.slot ? `[${sentence.t}]` : sentence.t;
}

const ENDED = /[.!?:]["”’')\]]*\s*$/;

// A paragraph; a slot, and what follows words that end no sentence, begin a line.
function typed(sentences) {
  let text = "";
  for (const sentence of sentences) {
    if (text) text += sentence.slot || text.endsWith("]") || !ENDED.test(text) ? "\n" : " ";
    text += asTyped(sentence);
  }
  return text;
}

function textOfNode(node) {
  if (node.nodeType === 3) return node.textContent;
  if (node.nodeName === "BR") return "\n";
  if (node.classList?.contains("slot")) {
    const typed = (node.querySelector("textarea")?.value ?? "").trim();
    return typed || `[${node.dataset.prompt}]`;
  }
  return [...node.childNodes].map(textOfNode).join("");
}

// The end of the sentence around an offset, so that nothing is put into the middle of one.
function boundary(text, at) {
  const end = /[.!?:\]]["”’')]*(?=\s|$)/g;
  end.lastIndex = Math.max(0, at - 1);
  const found = end.exec(text);
  return found ? found.index + found[0].length : text.length;
}

// The text cut into its sentences and what stands between them; null when a sentence is not in it.
function locate(text, sentences) {
  const segments = [];
  let from = 0;
  for (const [at, sentence] of sentences.entries()) {
    const words = asTyped(sentence).trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(words.join("\\s+"), "g");
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (!found) return null;
    if (found.index > from) segments.push({ text: text.slice(from, found.index) });
    segments.push({ text: found[0], sentence, at });
    from = found.index + found[0].length;
  }
  if (from < text.length) segments.push({ text: text.slice(from) });
  return segments;
}

export function state(sentence) {
  if (sentence.slot) return "slot";
  if (sentence.verdict === "failed") return sentence.own ? "failed yours" : "failed";
  if (sentence.own) return "yours";
  return sentence.verdict === "passed" ? "checked" : "open";
}

const WORDS = { checked: "checked", yours: "your own words", failed: "no support", "failed yours": "your own words, no support", open: "not checkable" };

// 3 4 5 6 9 as "3–6 9"
function runs(numbers) {
  const made = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = made.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else made.push([n, n]);
  }
  return made.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}\u00a0${to}` : `${from}\u2013${to}`)).join("\u00a0");
}

function dress(span, sentence, at) {
  span.dataset.at = String(at);
  if (sentence.slot) return;
  const lit = span.classList.contains("lit") ? " lit" : "";
  const now = state(sentence);
  span.className = `s ${now}${lit}`;
  span.title = [WORDS[now], ...sentence.problems].join(": ");
  if (sentence.n.length) span.dataset.n = runs(sentence.n);
  else delete span.dataset.n;
}

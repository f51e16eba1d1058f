// The right pane: the rationale with its marks, what it rests on, what the appeal check says, and the chat.
import { debounce, h } from "/page/dom.js";
import { Editor, state } from "/page/editor.js";
import { ChatBox } from "/page/chat.js";
import { foldButton } from "/page/panes.js";

const CHECK_AFTER = [120, 400]; // ms of rest, ms at most while the typing goes on
const KEEP_AFTER = [150, 300]; // words are kept unchecked first, for a slow program checks long; a kill takes no more
const SAVE_AFTER = [500, 900];

function readingNotice({ owner }) {
  return h("p", { class: "notice reads" }, `This is a case of ${owner}. You may read it and change nothing; to change it, ask ${owner} to share it with you for that.`);
}

export class DraftPane {
  constructor(view) {
    this.view = view;
    this.chat = new ChatBox(view);
    this.editor = null;
    this.saved = "";
    this.base = 0;
    this.sending = null;
    this.conflict = false;
    this.checkSoon = debounce(() => this.check(), ...CHECK_AFTER);
    this.keepSoon = debounce(() => this.keep(), ...KEEP_AFTER);
    this.saveSoon = debounce(() => this.save(), ...SAVE_AFTER);
    addEventListener("pagehide", () => this.lastWords());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.flush(); });
  }

  draw() {
    const pane = this.view.panes.draft;
    const issue = this.view.current;
    this.conflict = false;
    this.checkSoon.cancel();
    this.keepSoon.cancel();
    this.saveSoon.cancel();
    if (!issue) {
      this.editor = null;
      const stopped = !this.view.job || (this.view.job.done && !this.view.job.error);
      pane.replaceChildren(h("h2", {}, "Decision rationale"),
        this.view.reading ? readingNotice(this.view.case) : "",
        stopped ? h("p", { class: "none-yet" }, "Nothing is drafted yet. ", this.view.reading ? null : this.view.redraftButton("Draft the rationale")) : "");
      return;
    }
    this.issue = this.view.issue;
    this.editor = new Editor({ onType: () => this.typed(), onPick: (at) => this.pick(at), onLeave: () => this.check(), onPlace: (at) => this.showSentence(at) });
    this.editor.load(issue.sentences);
    if (this.view.reading) this.editor.onlyRead();
    this.saved = this.editor.text;
    this.base = this.view.case.version;
    this.note = h("div", { class: "notes", role: "status" });
    this.supports = h("div", { class: "supports" });
    this.count = h("span", { class: "small" });
    this.sentence = h("div", { class: "sentence-bar", "data-changes": true, hidden: true });
    pane.replaceChildren(
      h("div", { class: "pane-head" }, h("h2", {}, "Decision rationale"), this.count, foldButton(this.view, "draft")),
      this.view.reading ? readingNotice(this.view.case) : "",
      h("div", { class: "tools", "data-changes": true },
        h("button", { class: "btn", type: "button", onclick: () => this.view.redraft() }, "Redraft"),
        h("button", { class: "btn", type: "button", onclick: () => this.revise("make it plainer") }, "Plainer"),
        h("button", { class: "btn", type: "button", onclick: () => this.revise("make it shorter") }, "Shorter"),
        h("button", { class: "btn", type: "button", onclick: () => this.view.goBack() }, "Back a version")),
      this.editor.box,
      this.sentence,
      this.note,
      this.model(issue),
      this.supports,
      this.checks(),
    );
    this.view.placeChat();
    this.chat.draw();
    this.drawMarks(issue.sentences, issue.supports);
  }

  get dirty() {
    return Boolean(this.editor) && this.editor.text !== this.saved;
  }

  // While the draft is written anew nothing can be typed that its coming would sweep away.
  lock(locked) {
    this.editor?.lock(locked);
  }

  // --- typing ---

  typed() {
    this.countWords();
    this.checkSoon();
    this.keepSoon();
    this.saveSoon();
    this.view.saving = "Not saved yet";
    this.view.drawSaved();
  }

  async check() {
    const editor = this.editor;
    if (!editor || this.conflict) return;
    const text = editor.text;
    if (this.checkedText === text && !editor.unmarked) return;
    if (this.checking) { // one at a time: a slow program is not asked faster than it answers, and saving comes first
      this.checkSoon();
      return;
    }
    this.checking = true;
    try {
      const answer = await this.view.ask("check_text", { issue: this.issue, text });
      if (editor !== this.editor || editor.text !== text) return;
      this.checkedText = text;
      const numbers = carried(answer.sentences, this.view.case.issues[this.issue].sentences);
      editor.unmarked = editor.busy;
      editor.mark(numbers);
      this.drawNote(numbers);
      editor.tellWhere((at) => this.showSentence(at));
    } catch {
      // Saving says what is wrong; marks wait for the next key.
    } finally {
      this.checking = false;
    }
  }

  async keep() {
    const editor = this.editor;
    if (!editor || this.conflict || editor.text === this.saved) return;
    if (this.keeping) {
      this.keepSoon();
      return;
    }
    this.keeping = true;
    try {
      await this.view.ask("keep_typed", { issue: this.issue, text: editor.text, base: this.sending ? this.base + 1 : this.base });
    } catch {
      // Saving says what is wrong.
    } finally {
      this.keeping = false;
    }
  }

  flush() {
    this.saveSoon.cancel();
    return this.save();
  }

  async save() {
    while (this.sending) await this.sending; // whoever waited with us may send first, and then we wait for that
    const editor = this.editor;
    if (!editor || this.conflict || editor.text === this.saved) {
      if (editor && editor.text === this.saved) this.view.saving = "";
      this.view.drawSaved();
      return;
    }
    this.sending = this.send(editor, editor.text).finally(() => { this.sending = null; });
    await this.sending;
  }

  async send(editor, text) {
    const view = this.view;
    view.saving = "Saving";
    view.drawSaved();
    this.sent = text;
    try {
      const answer = await view.ask("save_text", { issue: this.issue, text, base: this.base });
      this.saved = text;
      this.base = answer.case.version;
      view.case = { ...answer.case, pieces: view.case.pieces };
      view.saving = "";
      if (editor === this.editor) this.afterSave(editor, text);
      view.drawBar();
    } catch (error) {
      view.saving = "Not saved";
      view.drawSaved();
      if (error.kind === "Conflict") this.showConflict(text);
      else {
        this.note.replaceChildren(h("p", { class: "notice error" }, error.message));
        setTimeout(() => this.saveSoon(), 2000);
      }
    }
  }

  afterSave(editor, text) {
    if (editor.text !== text) {
      this.saveSoon();
      return;
    }
    const issue = this.view.case.issues[this.issue];
    editor.unmarked = editor.busy;
    editor.mark(issue.sentences);
    this.drawMarks(issue.sentences, issue.supports);
    editor.tellWhere((at) => this.showSentence(at));
    this.box("checks")?.replaceWith(this.checks());
  }

  box(name) {
    return this.view.panes.draft.querySelector(`.${name}`);
  }

  lastWords() {
    const text = this.editor?.text;
    if (text === undefined || text === this.saved || this.conflict) return;
    const base = this.sending ? this.base + 1 : this.base;
    if (this.sending && text === this.sent) return;
    const words = JSON.stringify({ case: this.view.id, issue: this.issue, text, base });
    navigator.sendBeacon("/last-words", new Blob([words], { type: "application/json" }));
  }

  showConflict(text) {
    this.conflict = true;
    this.note.replaceChildren(h("div", { class: "notice error" },
      h("p", {}, "This draft was changed elsewhere since you opened it here. Your text stands above and is not saved yet."),
      h("p", {},
        h("button", { class: "quiet", type: "button", onclick: () => this.keepMine(text) }, "Save mine as the newest"), " ",
        h("button", { class: "quiet", type: "button", onclick: () => this.takeTheirs() }, "Show the other version"))));
  }

  async keepMine() {
    await this.view.act(async () => {
      const answer = await this.view.ask("open_case");
      this.base = answer.case.version;
      this.conflict = false;
      this.saved = null;
      await this.save();
    });
  }

  takeTheirs() {
    this.conflict = false;
    this.saved = this.editor.text;
    this.view.saving = "";
    this.view.open();
  }

  // --- marks, and what they mean ---

  drawMarks(sentences, supports) {
    this.countWords();
    this.drawNote(sentences);
    this.drawSupports(supports);
  }

  countWords() {
    const words = this.editor.text.replace(/\[[^\]]*\]/g, "").split(/\s+/).filter(Boolean).length;
    this.count.textContent = `${words} ${words === 1 ? "word" : "words"}`;
  }

  drawNote(sentences) {
    const written = sentences.filter((s) => !s.slot);
    const wrong = [...sentences.entries()].filter(([, s]) => state(s).startsWith("failed"));
    const slots = sentences.filter((s) => s.slot).length;
    const own = written.filter((s) => s.own && s.verdict !== "failed").length;
    const open = written.filter((s) => state(s) === "open").length;
    const notes = [];
    if (wrong.length) {
      notes.push(h("div", { class: "note" },
        h("b", {}, `${wrong.length} of ${written.length} ${written.length === 1 ? "sentence" : "sentences"} ${wrong.length === 1 ? "has" : "have"} no full support.`),
        h("ul", {}, wrong.map(([at, s]) => h("li", {}, s.problems.join(" ") || "Nothing that the summary or the guideline says bears this out.", " ",
          h("button", { class: "quiet", type: "button", onclick: () => this.editor.select(at) }, "Show"), " · ", this.waysOut(s, at, this.note))))));
    }
    if (slots) notes.push(h("p", { class: "note ask" }, `${slots === 1 ? "One place waits" : `${slots} places wait`} for your own words; fill or delete ${slots === 1 ? "it" : "them"} before the export.`));
    const rest = [];
    if (own) rest.push(`${own} ${own === 1 ? "sentence is" : "sentences are"} your own words`);
    if (open) rest.push(`${open} ${open === 1 ? "holds" : "hold"} nothing that can be checked`);
    if (!wrong.length && written.length) rest.unshift(own || open ? "Every other sentence is checked against its support" : "Every sentence is checked against its support");
    if (rest.length) notes.push(h("p", { class: "small" }, `${rest.join("; ")}.`));
    this.note.replaceChildren(...notes);
  }

  // What a chat model did for this draft, what was thrown away of it, and what it is sent.
  model(issue) {
    const use = this.view.case.model;
    const box = h("div", { class: "model-note" });
    if (use?.notice) box.append(h("p", { class: "note ask" }, use.notice));
    if (use && !(use.notice && !use.offered)) {
      const worded = issue.sentences.filter((s) => s.model).length;
      const said = worded ? `${worded} of ${issue.sentences.length} sentences ${worded === 1 ? "is" : "are"} worded by ${use.name}, checked like every other` : `${use.name} changed no sentence here`;
      box.append(h("p", { class: "small" }, `${said}.`));
    }
    if (issue.discarded.length) {
      box.append(h("details", {}, h("summary", {}, `What the chat model offered and was not taken (${issue.discarded.length})`),
        h("ul", {}, issue.discarded.map((d) => h("li", {}, h("span", { class: "words" }, d.t), " ", h("span", { class: "small" }, d.why))))));
    }
    if (this.view.chatModel) box.append(this.sentDetails());
    return box;
  }

  sentDetails() {
    const { name, where, here } = this.view.chatModel;
    const inside = h("div", { class: "sent" });
    const show = async (event) => {
      if (!event.target.open || inside.firstChild) return;
      const answer = await this.view.ask("show_sent").catch((error) => ({ error: error.message }));
      if (answer.error) { inside.replaceChildren(h("p", { class: "note ask" }, answer.error)); return; }
      const marked = answer.pieces.filter((piece) => piece.kind).length;
      const how = answer.hiding
        ? `${marked} ${marked === 1 ? "piece is" : "pieces are"} replaced, marked below.${answer.year ? "" : " Moved dates are not what HIPAA's Safe Harbor asks for; the settings also offer years only."} No search for names is perfect: look it over.`
        : "The text is sent as it stands; the settings can hide what identifies people.";
      inside.replaceChildren(
        h("p", { class: "small" }, `To ${name} at ${where}, ${here ? "on this machine" : "not on this machine"}. ${how}`),
        h("p", { class: "sent-text" }, answer.pieces.map((piece) => (piece.kind ? h("mark", { title: `${piece.kind}: ${piece.was}` }, piece.t) : piece.t))));
    };
    return h("details", { ontoggle: show }, h("summary", {}, "What the chat model is sent of this case"), inside);
  }

  drawSupports(supports) {
    if (!supports.length) {
      this.supports.replaceChildren();
      return;
    }
    this.supports.replaceChildren(h("details", { open: this.supportsOpen === true, ontoggle: (e) => { this.supportsOpen = e.target.open; } },
      h("summary", {}, `What the sentences rest on (${supports.length})`),
      h("ol", {}, supports.map((support) => h("li", {}, h("span", { class: "n" }, support.n),
        h("button", { class: "support", type: "button", onclick: () => this.lightSupport(support, true) },
          h("span", { class: "small" }, support.about ? `${support.label}: ${support.about}` : support.label), " ", h("span", { class: "words" }, support.q)))))));
  }

  pick(at) {
    const sentence = this.editor.sentences[at];
    const supports = this.view.case.issues[this.issue].supports.filter((s) => sentence?.n.includes(s.n));
    this.view.unlight();
    for (const support of supports) this.lightSupport(support, false);
  }

  lightSupport(support, alone) {
    const view = this.view;
    if (alone) view.unlight();
    const issue = view.case.issues[this.issue];
    if (support.kind === "case") view.light([support], { jump: alone });
    else if (support.kind === "request" && issue.request) view.light([{ s: issue.request[0], e: issue.request[1] }], { jump: alone });
    else if (support.kind === "passage") {
      const box = view.panes.evidence.querySelector(`[data-passage="${CSS.escape(support.id)}"]`);
      const first = box && view.lightIn(box, support.s, support.e);
      if (first && alone) view.jumpTo("evidence", first);
    } else if (support.kind === "finding") {
      const row = view.panes.evidence.querySelector(`[data-finding="${CSS.escape(support.id)}"]`);
      if (!row) return;
      row.classList.add("lit");
      view.lit.push(row);
      const evidence = issue.findings.find((f) => f.id === support.id)?.evidence ?? [];
      if (evidence.length) view.light(evidence, { jump: false });
      if (alone) view.jumpTo("evidence", row);
    }
  }

  checks() {
    const mine = this.view.case.checks.filter((check) => check.issue === null || check.issue === this.issue);
    const errors = mine.filter((check) => check.level === "error").length;
    const title = mine.length ? `Appeal check: ${errors ? `${errors} to mend, ` : ""}${mine.length - errors} to consider` : "Appeal check: nothing found";
    if (!mine.length) return h("p", { class: "checks small" }, `${title}.`);
    return h("details", { class: "checks", open: errors > 0 }, h("summary", {}, title),
      h("ul", {}, mine.map((check) => h("li", {}, h("span", { class: `pill ${check.level === "error" ? "p-no" : "p-ask"}` }, check.level === "error" ? "mend" : "consider"), " ", check.message, " ", check.action, " ", h("span", { class: "small" }, check.rule), check.sentence === null ? null : [" ", h("button", { class: "quiet", type: "button", onclick: () => this.editor.select(check.sentence) }, "Show its place")]))));
  }

  // --- one sentence: its state, and the ways out ---

  revise(order) {
    this.view.draft.chat.ask(`${order}${this.view.case.issues.length > 1 ? ` for issue ${this.issue + 1}` : ""}`, null);
  }

  showSentence(at) {
    const sentence = at === null ? null : this.editor?.sentences[at];
    if (!sentence || sentence.slot) {
      this.sentence.hidden = true;
      return;
    }
    if (this.shownAt === at && !this.sentence.hidden && this.shownText === sentence.t) return;
    [this.shownAt, this.shownText] = [at, sentence.t];
    const said = { checked: "Checked against what it rests on", yours: "Your own words", failed: "No full support", "failed yours": "Your own words, no full support", open: "Nothing in it can be checked" }[state(sentence)];
    const rests = sentence.n?.length ? `, ${sentence.n.length === 1 ? "support" : "supports"} ${sentence.n.join(", ")}` : "";
    this.sentence.hidden = false;
    this.sentence.replaceChildren(h("span", { class: "small" }, `Sentence ${at + 1}: ${said}${rests}.`), this.waysOut(sentence, at, this.sentence));
  }

  // Replace by a verified sentence, keep as one's own, or take out; `place` is where the offers are listed.
  waysOut(sentence, at, place) {
    return h("span", { class: "ways-out" },
      h("button", { class: "quiet", type: "button", onclick: () => this.offer(sentence.t, place) }, "Replace"),
      sentence.own ? null : [" · ", h("button", { class: "quiet", type: "button", onclick: () => this.keepAsMine(sentence.t) }, "Keep as mine")],
      " · ", h("button", { class: "quiet", type: "button", onclick: () => { this.sentence.hidden = true; this.editor.remove(at); } }, "Remove"));
  }

  // The saved place of a sentence; typing is saved first, so that both sides count the same sentences.
  async placeOf(text) {
    await this.flush();
    return this.view.case.issues[this.issue].sentences.findIndex((one) => one.t === text);
  }

  async offer(text, place) {
    await this.view.act(async () => {
      const position = await this.placeOf(text);
      place.querySelector(".offers")?.remove();
      const offered = position < 0 ? [] : (await this.view.ask("sentence_offers", { issue: this.issue, position })).offers;
      const list = offered.length
        ? h("ul", {}, offered.map((words) => h("li", {}, h("button", { class: "offer", type: "button", onclick: () => this.takeOffer(text, words) }, words))))
        : h("p", { class: "small" }, "The draft says all that the program can say here with support; remove the sentence, or keep it as yours.");
      place.append(h("div", { class: "offers" }, offered.length ? h("p", { class: "small" }, "Checked sentences that may stand here:") : null, list));
      place.querySelector(".offer")?.focus();
    });
  }

  async takeOffer(text, words) {
    await this.view.act(async () => {
      const position = await this.placeOf(text);
      this.view.take(await this.view.ask("replace_sentence", { issue: this.issue, position, text: words, base: this.base }));
    });
  }

  async keepAsMine(text) {
    await this.view.act(async () => {
      const position = await this.placeOf(text);
      if (position >= 0) this.view.take(await this.view.ask("keep_as_mine", { issue: this.issue, position }));
    });
  }
}

// Live marks know no numbers of their own; a sentence that did not change keeps those it was saved with.
function carried(sentences, saved) {
  const known = new Map(saved.map((sentence) => [sentence.t, sentence.n]));
  return sentences.map((sentence) => ({ ...sentence, n: known.get(sentence.t) ?? [] }));
}

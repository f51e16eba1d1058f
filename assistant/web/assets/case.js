// The case view: one case, three panes. This module holds the case and speaks with Python; each pane draws itself.
import { ago, call, calm, debounce, h, moment, part, say } from "/page/dom.js";
import { drawCase } from "/page/case_pane.js";
import { drawEvidence } from "/page/evidence_pane.js";
import { DraftPane } from "/page/draft_pane.js";
import { Panes } from "/page/panes.js";
import { VersionsView } from "/page/versions.js";
import { LetterView } from "/page/letter_view.js";
import { caseActs, watchKeys } from "/page/case_keys.js";
import { keysOf, SHORTCUTS } from "/page/keys.js";
import { drawShare } from "/page/share.js";
import { offer } from "/page/shell.js";

const FOLLOW_EVERY = 220; // ms: under five questions a second

export function start(root, server) {
  new CaseView(root, server).open();
}

const STEP_PANES = [
  [/writ|sentence|check|plan|word/i, "draft"],
  [/guideline|criteri|finding|similar|holding|lean|weigh/i, "evidence"],
];

class CaseView {
  constructor(root, server) {
    this.root = root;
    this.server = server;
    this.id = new URLSearchParams(location.search).get("id") ?? "";
    this.issue = Math.max(0, Number.parseInt(new URLSearchParams(location.search).get("issue") ?? "1", 10) - 1 || 0);
    this.case = null;
    this.job = null;
    this.saving = ""; // what the bar says instead of "Saved": "Saving", or that it could not
    this.panes = Object.fromEntries(["case", "evidence", "draft", "chat"].map((n) => [n, root.querySelector(`[data-pane="${n}"]`)]));
    this.draft = new DraftPane(this);
    this.versions = new VersionsView(this);
    this.letter = new LetterView(this);
    this.layout = new Panes(part(root, "panes"), () => this.placeChat());
    this.lit = [];
    this.setDaySoon = debounce((day) => this.setDay(day), 900); // a date that is typed is whole before its year is
    watchKeys(this);
    offer(() => this.commands());
    this.watchJumps();
    setInterval(() => this.drawSaved(), 5000);
  }

  // Whether the case was shared for reading only, or is read by an auditor; the program refuses every change besides.
  get reading() {
    return this.case?.may === "see";
  }

  ask(act, values = {}) {
    return call(this.server, act, { case: this.id, ...values });
  }

  get current() {
    return this.case?.issues[this.issue] ?? null;
  }

  async open() {
    if (!this.id) {
      location.replace("/");
      return;
    }
    try {
      this.take(await this.ask("open_case"));
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    const back = h("p", {}, h("a", { href: "/" }, "All cases"));
    part(this.root, "panes").replaceChildren(h("div", { class: "page-column" }, h("p", { class: "notice error" }, error.message), back));
  }

  // Show a case anew: after opening, drafting, an outcome, going back.
  take(answer) {
    this.case = answer.case;
    this.chatModel = answer.chat_model;
    this.issue = Math.min(this.issue, Math.max(0, this.case.issues.length - 1));
    document.title = `${this.case.title || "Case"} · IMR Assistant`;
    this.job = answer.job;
    this.root.classList.toggle("reading", this.reading);
    this.draw();
    if (this.job && !this.job.done) {
      if (this.job.kind === "draft") this.draft.lock(true);
      this.follow();
    } else if (this.job?.kind === "draft" && this.job.error && !this.case.issues.length) this.drawSteps();
  }

  draw() {
    this.drawBar();
    drawCase(this, this.panes.case);
    drawEvidence(this, this.panes.evidence);
    this.draft.draw();
    this.drawSteps();
  }

  // The chat stands below the draft, or beside the panes as one of its own.
  placeChat() {
    if (!this.case) return;
    const box = this.draft.chat.box;
    if (this.layout.chatBeside) this.panes.chat.replaceChildren(h("div", { class: "pane-head" }, h("h2", {}, "Chat"), this.draft.chat.placeButton()), box);
    else if (this.draft.editor) this.panes.draft.append(box);
    this.draft.chat.drawPlace();
  }

  goTo(name) {
    if (name === "chat" && !this.layout.chatBeside) {
      if (this.layout.isFolded("draft")) this.layout.fold("draft", false);
      this.draft.chat.field.focus();
      return;
    }
    if (this.layout.isFolded(name)) this.layout.fold(name, false);
    if (name === "case" && matchMedia("(max-width: 1100px)").matches) this.panes.case.classList.add("open");
    if (name === "draft" && this.draft.editor) this.draft.editor.box.focus();
    else this.panes[name].focus();
  }

  insert(words) {
    if (!this.draft.editor || this.reading) return;
    this.draft.editor.insert(words);
    say(this.root, "Put into the draft.");
  }

  // What the command palette offers here.
  commands() {
    const acts = caseActs(this);
    const named = ["uphold", "overturn", "letter", "versions", "pane-case", "pane-evidence", "pane-draft", "pane-chat", "save"];
    const label = (id) => SHORTCUTS.find((one) => one.id === id).label;
    const issues = (this.case?.issues ?? []).map((issue, at) => ({ label: `Issue ${at + 1}: ${issue.service}`, run: () => this.choose(at) }));
    return [
      ...named.map((id) => ({ label: label(id), keys: keysOf(id), run: acts[id] })),
      { label: "Draft anew", run: () => this.redraft() },
      { label: "Go back a version", run: () => this.goBack() },
      { label: this.layout.chatBeside ? "Chat below the draft" : "Chat beside the panes", run: () => this.layout.setChat(this.layout.chatBeside ? "below" : "beside") },
      ...["case", "evidence", "draft"].map((name) => ({ label: `${this.layout.isFolded(name) ? "Unfold" : "Fold"} the pane: ${this.panes[name].getAttribute("aria-label")}`, run: () => this.layout.fold(name) })),
      ...(issues.length > 1 ? issues : []),
    ];
  }

  choose(issue) {
    if (issue === this.issue || !this.case.issues[issue]) return;
    this.draft.flush();
    this.issue = issue;
    const address = new URL(location.href);
    address.searchParams.set("issue", String(issue + 1));
    history.replaceState(null, "", address);
    this.unlight();
    drawEvidence(this, this.panes.evidence);
    this.draft.draw();
    this.panes.evidence.scrollTop = 0;
  }

  // --- work under way ---

  async follow() {
    if (this.following) return;
    this.following = true;
    const kind = this.job.kind;
    try {
      while (this.job && !this.job.done) {
        this.drawSteps();
        this.draft.chat.draw();
        await new Promise((done) => setTimeout(done, FOLLOW_EVERY));
        this.job = (await this.ask("follow")).job;
      }
      await this.draft.flush();
      const unsaved = this.draft.dirty; // a conflict: the reviewer's words stay until they have chosen
      const turnChanged = this.job?.turn?.changed;
      const answer = await this.ask("open_case");
      const had = this.case.version;
      if ((kind === "draft" || turnChanged) && !unsaved) this.take(answer);
      else {
        this.case.turns = answer.case.turns;
        this.job = answer.job;
      }
      if (kind === "chat") this.draft.chat.draw({ toEnd: true });
      if (kind === "draft" && this.job?.error && had) say(this.root, this.job.error);
      else if (kind === "draft" && had) say(this.root, "Drafted anew. What stood before is one version back.", { label: "Bring it back", act: () => this.goBack() });
    } catch (error) {
      say(this.root, error.message, { label: "Try again", act: () => this.open() });
    } finally {
      this.following = false;
      this.draft.lock(false);
    }
  }

  // Until the work under way is done and shown; at once where nobody follows it.
  async atRest() {
    while (this.following) await new Promise((done) => setTimeout(done, FOLLOW_EVERY));
  }

  drawSteps() {
    for (const pane of Object.values(this.panes)) pane.querySelector(".steps")?.remove();
    const job = this.job;
    if (!job || job.kind !== "draft" || (job.done && !(job.error && !this.case.issues.length))) return;
    const lines = { case: [], evidence: [], draft: [] };
    let pane = "case";
    for (const line of job.lines) {
      pane = STEP_PANES.find(([pattern]) => pattern.test(line))?.[1] ?? pane;
      lines[pane].push(line);
    }
    for (const [name, said] of Object.entries(lines)) {
      const running = !job.done && name === pane;
      const items = said.map((line, at) => h("li", { class: running && at === said.length - 1 ? "now" : "" }, line));
      if (name === "case" && !job.lines.length) items.push(h("li", { class: "now" }, "reading the case"));
      const stopped = job.error && name === "draft" ? h("p", { class: "notice error" }, job.error, " ", this.redraftButton("Draft again")) : null;
      const asking = running && /chat model/.test(said.at(-1) ?? "");
      const without = asking ? h("button", { class: "btn", type: "button", onclick: () => this.act(() => this.ask("stop_model")) }, "Go on without the model") : null;
      if (items.length || stopped) this.panes[name].append(h("div", { class: "steps", role: "status" }, h("ul", {}, items), without, stopped));
    }
  }

  redraftButton(label) {
    return h("button", { class: "btn", type: "button", onclick: () => this.redraft() }, label);
  }

  async redraft() {
    await this.act(async () => {
      await this.draft.flush();
      this.job = (await this.ask("draft_case")).job;
      this.draft.lock(true);
      this.drawSteps();
      this.follow();
    });
  }

  async act(work) {
    try {
      await work();
    } catch (error) {
      say(this.root, error.message);
    }
  }

  async setOutcome(outcome) {
    await this.act(async () => {
      const decided = this.current?.decided?.outcome;
      this.panes.evidence.querySelector(".outcome")?.classList.add("waiting");
      await this.draft.flush();
      this.draft.lock(true);
      try {
        this.take(await this.ask("choose_outcome", { issue: this.issue, outcome: decided === outcome ? null : outcome }));
        this.focusOutcome(outcome);
      } finally {
        this.draft.lock(false);
        this.panes.evidence.querySelector(".outcome")?.classList.remove("waiting");
      }
    });
  }

  focusOutcome(outcome) {
    this.panes.evidence.querySelector(`[data-outcome="${outcome}"]`)?.focus({ preventScroll: true });
  }

  async goBack() {
    await this.act(async () => {
      await this.draft.flush();
      this.take(await this.ask("go_back"));
      say(this.root, "The version before is back, as a new version.");
    });
  }

  // --- the bar ---

  drawBar() {
    const shown = this.case;
    const undecided = shown.issues.length === 0 || shown.issues.some((issue) => !issue.decided);
    const from = { letter: ", as the letter states", today: ", today" }[shown.date_from] ?? "";
    const day = h("input", { type: "date", value: shown.reviewed ?? shown.day, "aria-label": "Date of review", disabled: this.reading, onchange: (e) => this.setDaySoon(e.target.value) });
    const bar = part(this.root, "bar");
    bar.replaceChildren(...[
      h("a", { class: "crumb", href: "/" }, "Cases"),
      h("button", { class: "btn show-case", type: "button", onclick: () => this.panes.case.classList.toggle("open") }, "Case summary"),
      h("h1", {}, shown.title || "Untitled case"),
      undecided ? h("span", { class: "pill badge", title: "An outcome becomes final only by your own act" }, "DRAFT") : h("span", { class: "pill p-ok" }, "Decided"),
      h("label", { class: "meta" }, "reviewed as of ", day, from),
      due(shown),
      h("span", { class: "saved", "data-part": "saved", role: "status" }),
      h("span", { "data-part": "sharing" }),
      h("span", { class: "exports" },
        h("button", { class: "btn", type: "button", onclick: () => this.versions.open(), title: keysOf("versions") }, "Versions"),
        h("button", { class: "btn primary", type: "button", "data-open-letter": true, onclick: () => this.letter.open(), title: keysOf("letter") }, this.reading ? "Read the letter" : "Check and export")),
    ].filter(Boolean));
    for (const button of bar.querySelectorAll(".exports .btn")) button.disabled = shown.issues.length === 0;
    drawShare(this, part(this.root, "sharing"));
    this.drawSaved();
  }

  drawSaved() {
    const saved = part(this.root, "saved");
    if (!saved || !this.case) return;
    const version = this.case.version ? ` · version ${this.case.version}` : "";
    saved.textContent = this.saving || `Saved ${ago(this.case.saved_at)}${version}`;
    saved.title = moment(this.case.saved_at);
    saved.classList.toggle("warn", this.saving === "Not saved");
  }

  async setDay(day) {
    if (day < "1990" || day === this.case.reviewed) return;
    await this.act(async () => {
      await this.draft.flush();
      this.take(await this.ask("change_case", { day }));
      await this.redraft();
    });
  }

  // --- lighting words ---

  unlight() {
    for (const element of this.lit) element.classList.remove("lit");
    this.lit = [];
  }

  // Light the words of the case at these offsets (Python characters) and bring the first of them into view.
  light(spans, { jump = true } = {}) {
    const first = spans.map(({ s, e }) => this.lightIn(this.panes.case, s, e)).find(Boolean);
    if (!first) return;
    if (jump) this.jumpTo("case", first);
    else this.scrollTo(this.panes.case, first);
  }

  lightIn(pane, start, end) {
    const found = [...pane.querySelectorAll("[data-s]")].filter((p) => Number(p.dataset.s) < end && Number(p.dataset.e) > start);
    const exact = found.map((piece) => cutOut(piece, start, end));
    for (const piece of exact) piece.classList.add("lit");
    this.lit.push(...exact);
    return exact[0];
  }

  scrollTo(pane, element) {
    if (pane.scrollHeight <= pane.clientHeight) return;
    const at = element.getBoundingClientRect();
    const seen = pane.getBoundingClientRect();
    if (at.top < seen.top + 40 || at.bottom > seen.bottom - 40) {
      pane.scrollTo({ top: pane.scrollTop + at.top - seen.top - seen.height / 3, behavior: calm() });
    }
  }

  // --- narrow screens: the case is a drawer, then the panes stack ---

  watchJumps() {
    this.root.querySelector(".jump").addEventListener("click", (event) => {
      const name = event.target.dataset?.jump;
      if (name === "back") this.jumpBack();
      else if (name) this.jumpTo(name);
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.panes.case.classList.remove("open");
    });
  }

  jumpTo(name, element = null) {
    const pane = name === "chat" ? this.draft.chat.box : this.panes[name];
    if (this.layout.isFolded(name)) this.layout.fold(name, false);
    if (matchMedia("(max-width: 760px)").matches) {
      const scroller = document.scrollingElement;
      if (element) {
        this.cameFrom = scroller.scrollTop;
        this.root.querySelector("[data-jump=back]").hidden = false;
      }
      const target = element ?? pane;
      const offset = element ? innerHeight / 3 : 8;
      scroller.scrollTo({ top: scroller.scrollTop + target.getBoundingClientRect().top - offset, behavior: calm() });
    } else if (name === "case" && matchMedia("(max-width: 1100px)").matches) {
      pane.classList.add("open");
      if (element) this.scrollTo(pane, element);
    } else if (element) this.scrollTo(pane, element);
    else pane.focus();
  }

  jumpBack() {
    document.scrollingElement.scrollTo({ top: this.cameFrom ?? 0, behavior: calm() });
    this.root.querySelector("[data-jump=back]").hidden = true;
  }
}

// When the determination is due, in words; nothing where no day of receipt is known.
function due(shown) {
  if (!shown.due) return null;
  const left = shown.days_left;
  const when = left < 0 ? `overdue by ${days(-left)}` : left === 0 ? "due today" : `due in ${days(left)}`;
  return h("span", { class: left < 0 ? "meta overdue" : "meta", title: `Due ${shown.due}` }, when);
}

function days(count) {
  return count === 1 ? "1 day" : `${count} days`;
}

// The part of a piece that lies in [start, end), as an element of its own; its neighbours keep the rest.
function cutOut(piece, start, end) {
  const from = Number(piece.dataset.s);
  const characters = Array.from(piece.textContent); // code points, as Python counts
  const parts = [characters.slice(0, Math.max(0, start - from)), characters.slice(Math.max(0, start - from), end - from), characters.slice(end - from)];
  if (parts[0].length === 0 && parts[2].length === 0) return piece;
  let at = from;
  const made = parts.map((part) => {
    const copy = piece.cloneNode(false);
    copy.textContent = part.join("");
    copy.dataset.s = String(at);
    at += part.length;
    copy.dataset.e = String(at);
    return copy;
  });
  piece.replaceWith(...made.filter((copy) => copy.textContent));
  return made[1];
}

// The letter as it will look, the appeal check beside it, and the ways out: DOCX, PDF, Markdown, JSON, clipboard, printer.
import { asking, h, place, Refused } from "/page/dom.js";

const FORMS = [["docx", "DOCX"], ["pdf", "PDF"], ["md", "Markdown"], ["json", "JSON"]];

export class LetterView {
  constructor(view) {
    this.view = view;
    this.asked = asking();
    this.evidence = null; // null: as is usual, while it is a draft
    this.paper = h("div", { class: "letter-paper", tabindex: "0", role: "region", "aria-label": "The letter" });
    this.checks = h("div", { class: "letter-checks" });
    this.failed = h("p", { class: "notice error", role: "alert", hidden: true });
    this.tick = h("input", { type: "checkbox", "data-part": "evidence", onchange: (e) => { this.evidence = e.target.checked; this.show().catch((error) => this.tell(error.message, true)); } });
    this.box = h("dialog", { class: "sheet letter-sheet", "aria-label": "Check and export" },
      h("div", { class: "sheet-head" },
        h("h2", {}, "The letter"),
        h("label", { class: "wanted", title: "Put an appendix into the file: what each sentence rests on" }, this.tick, " with evidence"),
        h("span", { class: "exports" },
          FORMS.map(([form, label]) => h("button", { class: form === "docx" ? "btn primary" : "btn", type: "button", "data-export": form, onclick: () => this.save(form) }, label)),
          h("button", { class: "btn", type: "button", onclick: () => this.copy() }, "Copy"),
          h("button", { class: "btn", type: "button", onclick: () => this.print() }, "Print")),
        h("button", { class: "btn close-sheet", type: "button", onclick: () => this.box.close() }, "Close")),
      h("div", { class: "sheet-body" }, this.paper, h("div", {}, this.failed, this.checks)));
    view.root.querySelector(".desk").append(this.box);
  }

  async open() {
    await this.view.act(async () => {
      await this.view.draft.flush();
      if (!this.view.case.issues.length) throw new Refused("There is nothing to export yet; draft the rationale first.");
      await this.show();
      if (!this.box.open) this.box.showModal();
      this.box.querySelector("[data-export]").focus();
    });
  }

  async show() {
    const newest = this.asked();
    const answer = await this.view.ask("preview_letter", { evidence: this.evidence });
    if (!newest()) return;
    place(this.paper, answer.html);
    this.tick.checked = answer.evidence;
    this.tell("");
    this.drawChecks();
  }

  tell(words, wrong = false) {
    this.failed.textContent = words;
    this.failed.hidden = !words;
    this.failed.classList.toggle("error", wrong);
  }

  drawChecks() {
    const checks = [...this.view.case.checks].sort((a, b) => (a.level === "error" ? 0 : 1) - (b.level === "error" ? 0 : 1));
    const many = this.view.case.issues.length > 1;
    this.checks.replaceChildren(
      h("h2", {}, "Appeal check ", h("span", { class: "small" }, checks.length ? `${checks.length} to look at` : "nothing found")),
      h("ul", { class: "plain" }, checks.map((check) => h("li", {},
        h("span", { class: `pill ${check.level === "error" ? "p-no" : "p-ask"}` }, check.level === "error" ? "mend" : "consider"), " ",
        many && check.issue !== null ? h("span", { class: "small" }, `Issue ${check.issue + 1}. `) : null,
        check.message, " ", check.action, " ",
        h("span", { class: "small" }, check.rule), " ",
        check.issue !== null ? h("button", { class: "quiet", type: "button", onclick: () => this.goTo(check) }, "Show its place") : null))));
  }

  goTo(check) {
    this.box.close();
    this.view.choose(check.issue);
    this.view.goTo("draft");
    if (check.sentence !== null) this.view.draft.editor?.select(check.sentence);
    else this.view.draft.editor?.box.focus();
  }

  async save(form) {
    try {
      const wanted = this.tick.checked;
      const answer = await fetch(`/export/${encodeURIComponent(this.view.id)}/${form}?evidence=${wanted}`);
      if (!answer.ok) throw new Refused(await answer.text());
      const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? `determination.${form}`;
      const address = URL.createObjectURL(await answer.blob());
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
      this.tell("");
    } catch (error) {
      this.tell(error.message, true);
    }
  }

  async print() {
    await this.view.act(async () => {
      await this.view.ask("note_printed"); // before the paper leaves
      print();
    });
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.paper.innerText);
      this.tell("The letter is in the clipboard.");
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.paper);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      this.tell("This browser does not let a page copy; the letter is selected, press Ctrl+C.");
    }
  }
}

// The versions of a draft: what changed from any of them to another, and the way back.
import { asking, h, moment, place, say } from "/page/dom.js";

export const CAUSES = {
  drafted: "drafted", edited: "edited", outcome_set: "outcome set", undone: "went back a version", revised: "revised", shortened: "shortened",
  pinned: "passage chosen", restored_version: "earlier version brought back", services_changed: "services changed",
};

export class VersionsView {
  constructor(view) {
    this.view = view;
    this.asked = asking();
    this.list = h("ol", { class: "version-list" });
    this.changes = h("div", { class: "changes", tabindex: "0", role: "region", "aria-label": "What changed" });
    this.box = h("dialog", { class: "sheet versions-sheet", "aria-label": "Versions of the draft" },
      h("div", { class: "sheet-head" }, h("h2", {}, "Versions"), h("button", { class: "btn", type: "button", onclick: () => this.box.close() }, "Close")),
      h("div", { class: "sheet-body" }, this.list, this.changes));
    view.root.querySelector(".desk").append(this.box);
  }

  async open() {
    await this.view.act(async () => {
      await this.view.draft.flush();
      this.all = (await this.view.ask("list_versions")).versions;
      this.signed = (await this.view.ask("read_signed")).signed;
      if (!this.all.length) {
        say(this.view.root, "There is no version yet; draft the rationale first.");
        return;
      }
      const newest = this.all[0].number;
      this.older = Math.max(1, newest - 1);
      this.newer = newest;
      if (!this.box.open) this.box.showModal();
      await this.show();
    });
  }

  async show() {
    const newest = this.asked();
    this.drawList();
    await this.view.act(async () => {
      const { compared } = await this.view.ask("compare_versions", { older: this.older, newer: this.newer });
      if (newest()) this.drawChanges(compared);
    });
  }

  drawList() {
    this.list.replaceChildren(...this.all.map((version) => {
      const pick = h("input", { type: "radio", name: "version", value: version.number, checked: version.number === this.older, onchange: () => { this.older = version.number; this.show(); } });
      return h("li", { value: version.number }, h("label", {}, pick, h("span", {}, `Version ${version.number}`), h("span", { class: "small" }, `${CAUSES[version.cause] ?? version.cause}, ${moment(version.at)}`)));
    }));
    this.list.querySelector("input:checked")?.focus();
  }

  drawChanges(compared) {
    const { older, newer } = compared;
    const others = this.all.map((v) => h("option", { value: v.number, selected: v.number === newer.number }, v.number === this.all[0].number ? `the newest, ${v.number}` : `version ${v.number}`));
    const same = older.number === newer.number;
    const changed = compared.issues.some((issue) => issue.rows.some((row) => row.change !== "same"));
    this.changes.replaceChildren(
      h("p", { class: "compared" }, `From version ${older.number} to `,
        h("select", { "aria-label": "Compare with", onchange: (e) => { this.newer = Number(e.target.value); this.show(); } }, others),
        h("button", { class: "btn", type: "button", "data-changes": true, disabled: older.number === this.all[0].number, onclick: () => this.restore(older.number) }, `Bring version ${older.number} back`)),
      h("p", { class: "small legend" }, h("ins", {}, "put in"), " ", h("del", {}, "taken out"), same ? " · choose two versions to see what changed" : changed ? "" : " · the words are the same"),
      ...(this.signed.includes(older.number) ? [h("p", {}, h("span", { class: "pill p-ok" }, "signed off"), " ", h("button", { class: "quiet", type: "button", onclick: () => this.showRested(older.number) }, "What it rested on"))] : []),
      ...compared.issues.map((issue) => h("section", {}, h("h3", {}, issue.service), issue.rows.map(sentence))));
  }

  async showRested(number) {
    const newest = this.asked();
    await this.view.act(async () => {
      const { html } = await this.view.ask("read_rested", { version: number });
      if (!newest()) return;
      const list = h("section", { "aria-label": `What version ${number} rested on` });
      place(list, html);
      this.changes.replaceChildren(h("p", {}, h("button", { class: "btn", type: "button", onclick: () => this.show() }, "Back to what changed")), list);
    });
  }

  async restore(number) {
    await this.view.act(async () => {
      this.view.take(await this.view.ask("restore_version", { version: number }));
      this.box.close();
      say(this.view.root, `Version ${number} is back, as the newest. Nothing between is lost.`);
    });
  }
}

function sentence(row) {
  const made = row.pieces.map((piece) => ({ added: () => h("ins", {}, piece.t), removed: () => h("del", {}, piece.t) })[piece.c]?.() ?? piece.t);
  return h("p", { class: `change ${row.change}` }, made);
}

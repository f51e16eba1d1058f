// The middle pane: what the guideline asks, what was found, which way it points; the reviewer's outcome.
import { asking, call, debounce, h, moment } from "/page/dom.js";
import { textOf } from "/page/case_pane.js";
import { foldButton } from "/page/panes.js";

const OUTCOMES = [["Upheld", "Uphold"], ["Overturned", "Overturn"]];
const PILLS = { supported: "p-ok", contradicted: "p-no", not_found: "p-absent", for_reviewer: "p-ask" };

export function drawEvidence(view, pane) {
  const issue = view.current;
  if (!issue) {
    const idle = !view.job || view.job.done;
    pane.replaceChildren(h("div", { class: "pane-head" }, h("h2", {}, "Evidence"), foldButton(view, "evidence")), idle ? h("p", { class: "none-yet" }, "The criteria and what the summary says to them come with the draft.") : "");
    return;
  }
  pane.replaceChildren(
    h("div", { class: "pane-head" }, tabs(view), foldButton(view, "evidence")),
    outcomeBox(view, issue),
    ...view.case.notices.map((notice) => h("p", { class: "notice" }, notice)),
    ...issue.notices.map((notice) => h("p", { class: "notice" }, notice)),
    ...criteria(view, issue),
    ...guidelines(view, issue),
    ...similar(view, issue),
  );
}

function tabs(view) {
  const issues = view.case.issues;
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    view.choose((view.issue + step + issues.length) % issues.length);
    view.panes.evidence.querySelector('[role="tab"][aria-selected="true"]')?.focus();
  };
  return h("div", { class: "issues", role: "tablist", "aria-label": "Disputed services", onkeydown: move },
    issues.map((issue, at) => {
      const selected = at === view.issue;
      const word = issue.decided ? h("span", { class: "small" }, ` ${issue.decided.outcome}`) : null;
      return h("button", { class: "tab", role: "tab", type: "button", "aria-selected": String(selected), tabindex: selected ? 0 : -1, title: issue.service, onclick: () => view.choose(at) },
        h("span", { class: "tab-name" }, `${at + 1} · ${issue.service}`), word);
    }));
}

function outcomeBox(view, issue) {
  const lean = issue.lean;
  const chosen = issue.decided?.outcome ?? null;
  const worded = issue.outcome && !chosen ? h("p", { class: "small" }, `The draft is worded for ${issue.outcome} until you choose.`) : null;
  const set = issue.decided
    ? h("p", { class: "small" }, `${issue.decided.outcome}, set by ${issue.decided.by} ${moment(issue.decided.at)}. `,
        h("button", { class: "quiet", type: "button", "data-changes": true, onclick: () => view.setOutcome(chosen) }, "Take back"))
    : null;
  const why = lean.why.length ? [": ", lowered(lean.why[0]), lean.why.length > 1 ? more(lean.why.slice(1)) : null] : ["."];
  return h("div", { class: "outcome" },
    h("div", { class: "seg", "data-changes": true, role: "group", "aria-label": "Outcome" },
      OUTCOMES.map(([outcome, verb]) => h("button", { type: "button", "data-outcome": outcome, "aria-pressed": String(chosen === outcome), onclick: () => view.setOutcome(outcome) }, verb))),
    h("div", { class: "lean" },
      h("p", {}, lean.lead, h("b", {}, lean.word), why),
      worded, set,
      OUTCOMES.map(([outcome]) => speaksFor(view, outcome, lean.speaks_for[outcome]))));
}

function speaksFor(view, outcome, findings) {
  if (!findings.length) return null;
  return h("details", {}, h("summary", {}, `What speaks for ${outcome} (${findings.length})`),
    h("ul", {}, findings.map((f) => h("li", {}, found(view, f)))));
}

function lowered(sentence) {
  const second = sentence.charAt(1);
  const first = sentence.charAt(0);
  return second === second.toLowerCase() ? first.toLowerCase() + sentence.slice(1) : sentence;
}

function more(sentences) {
  return h("details", {}, h("summary", {}, `${sentences.length} more`), h("ul", {}, sentences.map((s) => h("li", {}, s))));
}

function criteria(view, issue) {
  const groups = [];
  for (const finding of issue.findings) {
    let group = groups.find((g) => g.passage === finding.passage);
    if (!group) groups.push((group = { passage: finding.passage, citation: finding.citation, in_force: finding.in_force, rows: [] }));
    group.rows.push(finding);
  }
  if (!groups.length) return [h("h2", {}, "Criteria"), h("p", { class: "none-yet" }, "The library holds no criterion for this request on this date.")];
  return groups.flatMap((group) => [
    h("h2", {}, "Criteria ", h("span", { class: "small" }, group.citation, group.in_force ? [" · ", h("span", { class: "unbroken" }, group.in_force)] : null)),
    h("table", { class: "criteria" }, h("colgroup", {}, h("col"), h("col"), h("col")),
      h("thead", { class: "unseen" }, h("tr", {}, ["Criterion", "Status", "What the summary says"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, group.rows.map((finding) => row(view, finding)))),
  ]);
}

function row(view, finding) {
  return h("tr", { tabindex: "0", "data-finding": finding.id, "data-insert": finding.statement },
    h("td", { class: "criterion" }, finding.criterion,
      finding.applies_when ? h("span", { class: "small own-line" }, `When ${finding.applies_when}`) : null,
      finding.check_the_text ? h("span", { class: "small own-line" }, "Check the text: no source confirms this wording.") : null),
    h("td", { class: "status" }, h("span", { class: `pill ${PILLS[finding.status]}` }, finding.word),
      h("button", { class: "quiet into", "data-changes": true, type: "button", title: "Put what was found into the draft as a sentence (i)", onclick: () => view.insert(finding.statement) }, "Into the draft")),
    h("td", {},
      found(view, finding),
      finding.searched.length
        ? h("details", {}, h("summary", {}, "What was searched"), h("p", { class: "small" }, `The whole summary, by words and by meaning: ${finding.searched.join(", ")}.`))
        : null));
}

// What was found, in a sentence; the words of the case in it, and those beside it, light the case.
function found(view, finding) {
  const said = [];
  const beside = [];
  let rest = finding.statement;
  for (const evidence of finding.evidence) {
    const at = rest.indexOf(`\u201c${evidence.q}\u201d`);
    if (at < 0) beside.push(evidence);
    else {
      said.push(rest.slice(0, at), quote(view, evidence));
      rest = rest.slice(at + evidence.q.length + 2);
    }
  }
  return [beside.map((evidence) => h("p", {}, quote(view, evidence))), h("p", { class: "small" }, said, rest)];
}

export function quote(view, evidence) {
  const light = (event) => {
    event.preventDefault();
    view.unlight();
    view.light([evidence]);
  };
  const space = (event) => { if (event.key === " ") light(event); };
  // A link, for a button's words would not flow within the sentence.
  return h("a", { class: "q", role: "button", href: "#words", title: "Show these words in the case; i puts them into the draft", "data-insert": `The summary states: \u201c${evidence.q.trim().replace(/[.\s]+$/, "")}\u201d.`, onclick: light, onkeydown: space }, evidence.q);
}

function guidelines(view, issue) {
  const used = issue.passages;
  const others = issue.guidelines.filter((candidate) => !used.some((passage) => passage.id === candidate.passage));
  return [
    h("h2", {}, "Guideline ", h("span", { class: "small" }, used.length ? "what this draft rests on" : "")),
    ...used.map((passage) => passageBox(view, passage, issue)),
    h("details", { class: "others" }, h("summary", {}, others.length ? `Choose another (${others.length} considered)` : "Choose another"),
      seek(view),
      others.length ? h("ul", { class: "candidates" }, others.map((candidate) => candidateLine(view, candidate))) : null),
  ].filter(Boolean);
}

function passageBox(view, passage, issue = null) {
  const reason = passage.reason || issue?.guidelines.find((c) => c.passage === passage.id)?.reason;
  const pinned = issue && issue.pinned === passage.id;
  const cite = () => {
    const words = String(getSelection()).trim();
    view.insert(words && box.contains(getSelection().anchorNode) ? `${passage.citation} reads: \u201c${words.replace(/[.\s]+$/, "")}\u201d.` : `${passage.citation}.`);
  };
  const pin = issue === null || pinned ? null : h("button", { class: "quiet", type: "button", "data-changes": true, title: "Keep to this passage in every later draft of this issue", onclick: () => rest(view, passage.id) }, "Pin");
  const box = h("div", { class: "passage", "data-passage": passage.id, "data-insert": `${passage.citation}.`, tabindex: "0", role: "group", "aria-label": passage.citation },
    h("p", { class: "cited" }, passage.citation),
    h("p", { class: "words" }, textOf(passage.pieces)),
    h("p", { class: "small" }, [passage.kind, passage.in_force, reason].filter(Boolean).join(" · ")),
    h("p", { class: "small acts" },
      h("a", { href: `/library?passage=${encodeURIComponent(passage.id)}`, target: "_blank", rel: "noopener" }, "Open"),
      h("button", { class: "quiet", type: "button", "data-changes": true, title: "Put the citation into the draft, or the words selected in it (i)", onclick: cite }, "Cite"),
      pinned ? h("button", { class: "quiet", type: "button", "data-changes": true, onclick: () => rest(view, null) }, "Let go of the pin") : pin));
  return box;
}

function rest(view, passage) {
  return view.act(async () => {
    await view.draft.flush();
    view.draft.lock(true);
    try {
      view.take(await view.ask("pin_passage", { issue: view.issue, passage }));
    } finally {
      view.draft.lock(false);
    }
  });
}

// A passage of one's own choice: found by its name or by what it is about.
function seek(view) {
  const found = h("ul", { class: "candidates", "aria-live": "polite" });
  const field = h("input", { type: "search", placeholder: "Find a passage by name or subject", "aria-label": "Find a passage by name or subject", autocomplete: "off", spellcheck: "false", maxlength: 300 });
  const asked = asking();
  const look = debounce(() => view.act(async () => {
    const newest = asked();
    const words = field.value.trim();
    const passages = words ? (await view.ask("find_passages", { words })).passages : [];
    if (!newest()) return;
    const rows = passages.map((p) => candidateLine(view, { citation: p.citation, reason: [p.about, p.kind].filter(Boolean).join(" · "), in_force: p.in_force, passage: p.id }));
    found.replaceChildren(...(rows.length || !words ? rows : [h("li", { class: "small" }, "No passage in force on the date of review comes near these words.")]));
  }), 250);
  field.addEventListener("input", look);
  return h("div", { class: "seek" }, field, found);
}

function candidateLine(view, candidate) {
  const item = h("li", {}, h("span", {}, candidate.citation), " ", h("span", { class: "small" }, [candidate.reason, candidate.in_force].filter(Boolean).join(" · ")));
  if (!candidate.passage) return item;
  const read = h("button", { class: "quiet", type: "button", onclick: async () => {
    await view.act(async () => {
      const answer = await call(view.server, "read_passage", { passage: candidate.passage });
      read.remove();
      item.append(passageBox(view, { ...answer.passage, reason: "" }));
    });
  } }, "Read");
  item.append(" ", read, " ", h("button", { class: "quiet", type: "button", "data-changes": true, title: "Draft this issue anew over this passage, and keep to it", onclick: () => rest(view, candidate.passage) }, "Rest on this"));
  return item;
}

function similar(view, issue) {
  const columns = OUTCOMES.map(([outcome]) => [outcome, issue.similar[outcome] ?? []]);
  const none = columns.every(([, found]) => !found.length);
  const title = h("h2", {}, "Similar decisions ", h("span", { class: "small" }, "past decisions are not precedent"));
  const notice = view.case.real_letters === 0 ? h("p", { class: "small" }, "No letter imported yet: only illustrative decisions are shown.") : null;
  if (none) return [title, ...(notice ? [notice] : []), h("p", { class: "none-yet" }, "None is near enough to show.")];
  return [title, ...(notice ? [notice] : []),
    h("div", { class: "sim" }, columns.map(([outcome, found]) =>
      h("div", {}, h("h3", {}, h("span", { class: `pill outcome-${outcome}` }, outcome)),
        found.length ? found.map((decision) => past(decision)) : h("p", { class: "none-yet" }, "None near."))))];
}

function past(decision) {
  return h("div", { class: "past" },
    h("a", { href: `/decisions?id=${encodeURIComponent(decision.id)}`, target: "_blank", rel: "noopener" }, decision.service),
    " ", decision.illustrative ? h("span", { class: "pill illustrative" }, "illustrative") : h("span", { class: "small" }, decision.case_number ?? ""),
    decision.snippet ? h("p", { class: "small" }, decision.snippet) : null);
}

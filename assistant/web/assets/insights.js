// Insights: the address names the service (a kind, nothing of a case); each plot leads to its decisions, as its table does.
import { asking, attempting, call, h, part, place, show } from "/page/dom.js";
import { documented, draw, evaluation, onTheme, outcomes } from "/page/insights_plots.js";

const POLL = 500;

export function start(root, server) {
  const service = part(root, "service");
  const failed = part(root, "error");
  const attempt = attempting(failed);
  const counted = part(root, "outcomes");
  const comparison = part(root, "comparison");
  const told = part(root, "documented");
  const unread = part(root, "unread");
  const progress = part(root, "progress");
  const stating = part(root, "stating");
  const own = part(root, "evaluation");
  let plots = [];
  let rows = [];
  let panels = [];
  let turn = 0;
  const opened = asking();

  const chosen = () => ({ service_kind: new URLSearchParams(location.search).get("service") ?? "" });
  const where = () => comparison.querySelector("input[name=where]:checked").value;
  const asked = () => ({ ...chosen(), where: where() });

  service.addEventListener("change", () => {
    history.pushState(null, "", service.value ? `/insights?service=${encodeURIComponent(service.value)}` : "/insights");
    follow();
  });
  addEventListener("popstate", follow);
  comparison.addEventListener("change", (event) => { if (event.target.name === "where") attempt(compare); });
  told.addEventListener("click", (event) => {
    const concept = event.target.closest("[data-concept]")?.dataset.concept;
    if (concept) openStating(concept);
  });
  part(root, "read").addEventListener("click", () => attempt(async () => { await call(server, "start_reading", asked()); await watch(); }));
  part(root, "stop").addEventListener("click", () => attempt(() => call(server, "stop_reading")));
  onTheme(paint);

  function follow() {
    return attempt(async () => {
      const mine = ++turn;
      counted.classList.add("waiting");
      try {
        const answer = await call(server, "read_insights", chosen());
        if (mine !== turn) return;
        place(counted, answer.html);
        plots = answer.plots;
        offer(answer.services, answer.chosen);
        comparison.hidden = answer.none;
        service.closest("label").hidden = answer.none;
        rows = [];
        await paint();
        if (!answer.none) await compare();
      } finally {
        if (mine === turn) counted.classList.remove("waiting");
      }
    });
  }

  function offer(services, kind) {
    service.replaceChildren(h("option", { value: "" }, "All services"), ...services.map((one) => h("option", { value: one.value }, `${one.label} (${one.n})`)));
    service.value = kind;
  }

  async function compare() {
    const mine = turn;
    const wanted = JSON.stringify(asked());
    const answer = await call(server, "read_documented", asked());
    if (mine !== turn || wanted !== JSON.stringify(asked())) return;
    stating.hidden = true;
    rows = answer.plot ?? [];
    place(told, answer.html ?? "");
    const under = Boolean(answer.job && !answer.job.over);
    unread.hidden = !answer.unread || under;
    progress.hidden = !under;
    if (answer.unread) part(root, "unread-words").textContent = `${answer.unread.toLocaleString("en")} texts of letters are to be read for this, once; about ${left(answer.unread / 20)}. You may leave the page meanwhile.`;
    await paint();
    if (under) await watch();
  }

  async function watch() {
    unread.hidden = true;
    progress.hidden = false;
    for (;;) {
      const { job } = await call(server, "follow_reading");
      if (!job || job.over) {
        if (job?.error) show(failed, job.error);
        break;
      }
      const bar = part(root, "bar");
      bar.max = Math.max(1, job.total);
      bar.value = job.done;
      part(root, "figures").textContent = `${job.done} of ${job.total} texts read${job.left ? `, about ${left(job.left)} left` : ""}${job.stopping ? "; stopping" : ""}`;
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    progress.hidden = true;
    await compare();
  }

  function left(seconds) {
    return seconds < 90 ? `${Math.max(1, Math.round(seconds))} seconds` : `${Math.round(seconds / 60)} minutes`;
  }

  function openStating(concept) {
    const newest = opened();
    return attempt(async () => {
      const name = told.querySelector(`[data-concept="${concept}"]`).textContent;
      const answer = await call(server, "read_stating", { ...asked(), concept });
      if (!newest()) return;
      const list = h("div");
      place(list, answer.html);
      stating.replaceChildren(h("h3", {}, `Decisions that state: ${name}`), list, h("button", { class: "quiet", type: "button", onclick: shut }, "Close the list"));
      stating.hidden = false;
      stating.dataset.concept = concept;
      stating.focus({ preventScroll: true });
      stating.scrollIntoView({ block: "nearest" });
    });
  }

  function shut() {
    stating.hidden = true;
    told.querySelector(`[data-concept="${stating.dataset.concept}"]`)?.focus();
  }

  async function paint() {
    const go = (address) => location.assign(address);
    try {
      for (const plot of plots) await lay(counted.querySelector(`[data-plot="${plot.by}"]`), (width) => outcomes(plot, width), go);
      if (rows.length) await lay(told.querySelector("[data-plot=documented]"), (width) => documented(rows, width), openStating);
      for (const [at, panel] of panels.entries()) await lay(own.querySelector(`[data-evaluation="${at}"]`), (width) => evaluation(panel, width), () => {});
    } catch (error) {
      show(failed, error.message);
    }
  }

  async function lay(element, figure, lead) {
    if (element) await draw(element, figure(element.clientWidth), lead);
  }

  (async () => {
    await attempt(async () => {
      const answer = await call(server, "read_evaluation");
      place(own, answer.html);
      panels = answer.plots;
    });
    await follow();
    root.querySelector(".insights").dataset.ready = "true";
  })();
}

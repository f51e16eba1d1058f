// The settings as they are in force, and the choices about the chat model.
import { call, h, part, place, show } from "/page/dom.js";
import { startDeleted } from "/page/deleted_cases.js";
import { whoAsks } from "/page/who.js";
import { startPeople } from "/page/people.js";
import { drawLooks, drawShortcuts } from "/page/settings_page.js";

const WAIT = 1000; // milliseconds between two looks at a test under way

export async function start(root, server) {
  const rows = part(root, "rows");
  drawLooks(part(root, "looks"));
  drawShortcuts(part(root, "shortcuts"));
  const who = await whoAsks();
  part(root, "alone").hidden = who.accounts;
  part(root, "model-section").hidden = !who.may("change_model_settings");
  startModel(root, server);
  if (who.may("manage_people")) startPeople(root, server, who);
  if (who.may("work_on_cases")) startDeleted(root, server);
  if (!who.may("see_settings")) {
    rows.replaceChildren();
    return;
  }
  try {
    place(rows, (await call(server, "read_settings")).html);
  } catch (error) {
    rows.replaceChildren(h("p", { class: "notice error" }, error.message));
  }
}

async function startModel(root, server) {
  const form = part(root, "model-form");
  const fault = part(root, "model-error");
  const state = part(root, "model-state");
  const test = part(root, "model-test");

  function put(answer) {
    place(part(root, "model"), answer.form);
    place(part(root, "leaves"), answer.leaves);
    follow(answer);
  }

  function follow(answer) {
    place(part(root, "trial"), answer.trial ?? "");
    test.disabled = answer.trying;
    if (!answer.trying) return;
    state.textContent = "The model is being tested. This takes up to three minutes.";
    setTimeout(look, WAIT);
  }

  async function guarded(work) {
    show(fault, "");
    try {
      await work();
    } catch (error) {
      state.textContent = "";
      test.disabled = false;
      show(fault, error.message);
    }
  }

  const look = () => guarded(async () => {
    const answer = await call(server, "read_trial");
    if (!answer.trying) state.textContent = "The test is done.";
    follow(answer);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(async () => {
      put(await call(server, "choose_model", { choices: chosen(form) }));
      state.textContent = "Your choices are kept.";
    });
  });
  test.addEventListener("click", () => guarded(async () => {
    await call(server, "test_model");
    follow({ trying: true });
  }));
  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sent]")) return;
    guarded(async () => place(part(root, "sent"), (await call(server, "read_sent")).html));
  });
  await guarded(async () => put(await call(server, "read_model")));
}

// What stands in the fields that may be changed; what the environment sets is not sent.
function chosen(form) {
  const choices = {};
  for (const field of form.querySelectorAll("input[name], select[name]")) {
    if (field.disabled || field.type === "checkbox") continue;
    choices[field.name] = field.value.trim();
  }
  const ticks = [...form.querySelectorAll("input[name=chat_helps]")];
  if (ticks.some((tick) => !tick.disabled)) {
    choices.chat_helps = ticks.filter((tick) => tick.checked).map((tick) => tick.value).join(",");
  }
  return choices;
}

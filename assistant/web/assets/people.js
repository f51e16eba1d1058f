// For an admin: who has an account, and what is done with it.
import { call, h, part, show } from "/page/dom.js";

export async function startPeople(root, server, who) {
  const fault = part(root, "people-error");
  const once = part(root, "people-once");
  part(root, "people").hidden = false;

  async function ask(act, values = {}) {
    show(fault, "");
    show(once, "");
    try {
      put(await call(server, act, values));
    } catch (error) {
      show(fault, error.message);
    }
  }

  function put(answer) {
    const role = part(root, "people-role");
    if (!role.options.length) role.append(...options(answer.roles, "reviewer"));
    part(root, "people-rows").replaceChildren(h("table", { class: "rows people" },
      h("thead", {}, h("tr", {}, ["Name", "Role", "State", "Acts"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, answer.people.map((person) => row(person, answer.roles)))));
    if (answer.once) show(once, `One-time password of ${answer.name}, shown only now: ${answer.once}`);
  }

  function row(person, roles) {
    const { name } = person;
    const own = name === who.name;
    const state = person.disabled ? "disabled" : person.locked ? "locked" : person.must_change ? "one-time password" : "";
    const button = (label, act) => h("button", { class: "quiet", type: "button", "aria-label": `${label} ${name}`, onclick: () => ask(act, { name }) }, label);
    return h("tr", {},
      h("td", {}, name, person.display === name ? null : h("span", { class: "small" }, ` ${person.display}`)),
      h("td", {}, h("select", { "aria-label": `Role of ${name}`, disabled: own, onchange: (event) => ask("change_role", { name, role: event.target.value }) }, options(roles, person.role))),
      h("td", {}, state),
      h("td", { class: "acts" }, own ? h("span", { class: "small" }, "you") : [
        person.disabled ? button("Enable", "enable_person") : button("Disable", "disable_person"), " ",
        person.by_provider ? null : button("Reset password", "reset_password"), " ",
        person.locked ? button("Unlock", "unlock_person") : null]));
  }

  part(root, "people-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = part(root, "people-name");
    const display = part(root, "people-display");
    await ask("add_person", { name: name.value.trim(), role: part(root, "people-role").value, display: display.value });
    if (fault.hidden) name.value = display.value = "";
  });
  await ask("list_people");
}

function options(roles, chosen) {
  return roles.map((role) => h("option", { value: role, selected: role === chosen }, role.replace("_", " ")));
}

// People and tokens: forms and buttons that ask the lane, and say what it said.
"use strict";
(() => {
  const body = document.body;
  const $ = (selector, within = document) => within.querySelector(selector);

  function problem(near, title, text) {
    $("#problem")?.remove();
    const note = document.createElement("p");
    note.id = "problem";
    note.className = "problem";
    note.setAttribute("role", "alert");
    const strong = document.createElement("strong");
    strong.textContent = title;
    note.append(strong, " ", text);
    near.after(note);
  }

  async function ask(method, to, content, near) {
    try {
      const response = await fetch(to, {
        method,
        headers: { "content-type": "application/json", "x-csrf-token": body.dataset.csrf },
        body: content && JSON.stringify(content),
      });
      if (response.ok) return response;
      const said = await response.json().catch(() => ({}));
      problem(near, said.title || body.dataset.refused, said.detail || "");
    } catch {
      problem(near, body.dataset.offline, "");
    }
    return null;
  }

  const dialog = $("#ask");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-delete]");
    if (!button) return;
    $("#ask-text").textContent = button.dataset.ask;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", async () => {
      if (dialog.returnValue !== "yes") return;
      const row = button.closest("tr");
      if (await ask("DELETE", button.dataset.delete, null, row.closest("table"))) row.remove();
    }, { once: true });
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-api]");
    if (!form) return;
    event.preventDefault();
    const content = {};
    for (const field of form.elements) {
      if (field.name) content[field.name] = field.type === "number" ? Number(field.value) : field.value;
    }
    const response = await ask("POST", form.dataset.api, content, form);
    if (!response) return;
    const said = await response.json().catch(() => ({}));
    // A token is shown this once; then the page is loaded when its reader has it.
    if (!said.token) return location.reload();
    const secret = $("#secret");
    $("code", secret).textContent = said.token;
    secret.hidden = false;
    form.reset();
  });
})();

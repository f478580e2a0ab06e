// The officer's page: selection and keys, requests, and the events that keep the page
// as the lane is. Every word that it shows comes from the page or from the lane.
"use strict";
(() => {
  const body = document.body;
  const lane = body.dataset.lane;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- Selection: one card at a time, and what belongs to it beside. ----

  let selected = null; // "seat-1-left", "document-0", "vehicle"
  let isChosen = false; // by the officer, not by us

  const cards = () => $$("[data-subject]");
  const cardOf = (subject) => cards().find((card) => card.dataset.subject === subject);
  const detail = () => $("[data-detail]:not([hidden])");

  function show(subject) {
    selected = subject;
    for (const card of cards()) {
      const isIt = card.dataset.subject === subject;
      card.tabIndex = isIt ? 0 : -1;
      if (isIt) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
    for (const part of $$("[data-detail]")) part.hidden = part.dataset.detail !== subject;
  }

  function choose(subject) {
    const card = cardOf(subject);
    if (!card) return;
    if (subject !== selected) clearProblem();
    isChosen = true;
    show(subject);
    nameKeys();
    card.focus();
    card.scrollIntoView({ block: "nearest" });
    const pane = $(".details");
    if (pane) pane.scrollTop = 0;
  }

  // What is selected where the officer hasn't chosen: what is to do first.
  function reselect() {
    if (!cards().length) return;
    if (isChosen && cardOf(selected)) return show(selected);
    isChosen = false;
    const first = $(".todos [data-goto]")?.dataset.goto;
    show(cardOf(first) ? first : cards()[0].dataset.subject);
    // One frame on the screen, not two: the keys' focus goes with what is shown.
    const focused = document.activeElement?.closest("[data-subject]");
    if (focused && focused.dataset.subject !== selected) cardOf(selected).focus({ preventScroll: true });
  }

  // The next card in a direction, as the eye sees it.
  function neighbour(from, key) {
    const box = (element) => element.getBoundingClientRect();
    const here = box(from);
    const x = here.left + here.width / 2;
    const y = here.top + here.height / 2;
    let best = null;
    let least = Infinity;
    for (const card of cards()) {
      if (card === from) continue;
      const there = box(card);
      const dx = there.left + there.width / 2 - x;
      const dy = there.top + there.height / 2 - y;
      const [along, across] = key === "ArrowLeft" ? [-dx, dy] : key === "ArrowRight" ? [dx, dy]
        : key === "ArrowUp" ? [-dy, dx] : [dy, dx];
      const gap = key === "ArrowLeft" || key === "ArrowRight" ? here.width / 3 : here.height / 3;
      if (along < gap) continue;
      const distance = along + 3 * Math.abs(across);
      if (distance < least) [best, least] = [card, distance];
    }
    return best;
  }

  function nextTodo() {
    const subjects = [...new Set($$(".todos [data-goto]").map((button) => button.dataset.goto))];
    if (!subjects.length) return;
    choose(subjects[(subjects.indexOf(selected) + 1) % subjects.length]);
  }

  // ---- Keys: only while they are on, and never while somebody types. ----

  const keysToggle = $("#keys-toggle");
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  let areKeysOn = stored("rowcall-keys") !== "off";
  function showKeys() {
    keysToggle.setAttribute("aria-pressed", String(areKeysOn));
    body.classList.toggle("keys-off", !areKeysOn);
  }
  keysToggle.addEventListener("click", () => {
    areKeysOn = !areKeysOn;
    try { localStorage.setItem("rowcall-keys", areKeysOn ? "on" : "off"); } catch { /* As above. */ }
    showKeys();
  });
  showKeys();

  // What a key stands for, of what is on the screen.
  function buttonOf(key) {
    const of = (within) => within && $(`[data-key="${key}"]`, within);
    return of(detail()) || of($("#headline")) || of($("#open"));
  }

  // The line of keys names those that do something now; each keeps its place. What has no
  // button of its own, counting and the vehicle, is there while a vehicle can be closed.
  function nameKeys() {
    for (const named of $$("[data-for]")) named.classList.toggle("off", !buttonOf(named.dataset.for));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || $("dialog[open]")) return;
    const target = event.target;
    if (target.matches("input, select, textarea")) {
      if (event.key === "Escape" && selected) choose(selected);
      return;
    }
    if (event.key.startsWith("Arrow")) {
      const from = target.closest("[data-subject]") || (target === body && cardOf(selected));
      const to = from && neighbour(from, event.key);
      if (to) { event.preventDefault(); choose(to.dataset.subject); }
      return;
    }
    if (!areKeysOn || event.repeat) return;
    const key = event.key.toLowerCase();
    if (!/^[a-z0-9]$/.test(key)) return;
    if (key === "n") { event.preventDefault(); return nextTodo(); }
    if (key === "v") { event.preventDefault(); return choose("vehicle"); }
    if (key === "d" && $("#declared")) { event.preventDefault(); return $("#declared").select(); }
    const button = buttonOf(key);
    if (!button) return;
    event.preventDefault();
    const folded = button.closest("details:not([open])");
    if (folded) { folded.open = true; button.focus(); return; }
    button.click();
  });

  // ---- Requests. ----

  function clearProblem() {
    for (const note of $$("[data-keep]")) note.remove();
  }

  function problem(near, title, text) {
    clearProblem();
    const note = document.createElement("p");
    note.className = "problem";
    note.setAttribute("role", "alert");
    note.dataset.keep = "";
    const strong = document.createElement("strong");
    strong.textContent = title;
    note.append(strong, " ", text);
    (near?.isConnected ? near : $("#main").firstElementChild).after(note);
  }

  async function post(to, content, near) {
    try {
      const response = await fetch(to, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": body.dataset.csrf },
        body: content,
      });
      if (response.ok) { clearProblem(); return response; }
      const said = await response.json().catch(() => ({}));
      problem(near, said.title || body.dataset.refused, said.detail || "");
    } catch {
      problem(near, body.dataset.offline, "");
    }
    return null;
  }

  // Opens a dialog and says whether it was answered with yes. That it closed is heard of
  // later, perhaps after it was opened anew: that is no answer to what it asks by then.
  const answers = new Map();
  function answer(dialog) {
    answers.get(dialog)?.(false);
    if (!answers.has(dialog)) {
      dialog.addEventListener("close", () => {
        if (!dialog.open) answers.get(dialog)(dialog.returnValue === "yes");
      });
    }
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => answers.set(dialog, resolve));
  }

  const ask = $("#ask");
  function confirmed(question) {
    if (!question) return Promise.resolve(true);
    $("#ask-text").textContent = question;
    return answer(ask);
  }

  document.addEventListener("click", async (event) => {
    const go = event.target.closest("[data-goto]");
    if (go) return choose(go.dataset.goto);
    const card = event.target.closest("[data-subject]");
    if (card) return choose(card.dataset.subject);
    const button = event.target.closest("[data-post]");
    if (button && button.getAttribute("aria-busy") !== "true") {
      const { post: to, body: content, ask: question } = button.dataset;
      if (!(await confirmed(question))) return;
      button.setAttribute("aria-busy", "true");
      await post(to, content, button.parentElement);
      button.removeAttribute("aria-busy");
    }
    const hold = event.target.closest("[data-hold]");
    if (hold) askHold(hold);
  });

  const holdDialog = $("#hold");
  const holdForm = $("form", holdDialog);
  holdForm.addEventListener("change", () => {
    const reason = $("[name=reason]:checked", holdForm);
    if (reason) holdForm.elements.minutes.max = reason.dataset.minutes;
  });
  async function askHold(button) {
    holdForm.reset();
    const { seat, document: place } = button.dataset;
    const transaction = $("#transaction").dataset.transaction;
    if (!(await answer(holdDialog))) return;
    const content = {
      seat,
      document: Number(place),
      reason: holdForm.elements.reason.value,
      minutes: Number(holdForm.elements.minutes.value),
    };
    await post(`/v1/transactions/${transaction}/holds`, JSON.stringify(content), button.parentElement);
  }

  const number = (text) => (text === "" ? undefined : Number(text));
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.id === "open") {
      event.preventDefault();
      const content = { lane, direction: form.elements.direction.value, occupants: number(form.elements.occupants.value) };
      await post("/v1/transactions", JSON.stringify(content), form);
    } else if (form.id === "declare") {
      event.preventDefault();
      const content = { occupants: number(form.elements.occupants.value) };
      const isDone = await post(form.dataset.to, JSON.stringify(content), form);
      if (isDone && selected) cardOf(selected)?.focus();
    }
  });

  // ---- Keeping the page as the lane is. ----

  // What an element is for makes it that element: a button that comes to stand for
  // something else is another one, so that no click that has begun on the one ends on the
  // other.
  function purpose(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const { post: to, body: content, hold, seat, document: place, goto: subject } = node.dataset;
    if (to !== undefined) return `post ${to} ${content}`;
    if (hold !== undefined) return `hold ${seat} ${place}`;
    if (subject !== undefined) return `goto ${subject}`;
    return node.id && `id ${node.id}`;
  }

  // Makes one tree like another and keeps what hasn't changed: focus, what is folded
  // out, what is typed, and pictures, which aren't cached and would be asked for again.
  function morph(from, to) {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return from.replaceWith(to);
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    const isOurs = (name) =>
      (name === "hidden" && from.hasAttribute("data-detail"))
      || ((name === "tabindex" || name === "aria-current") && from.hasAttribute("data-subject"))
      || (name === "open" && from.nodeName === "DETAILS")
      || name === "aria-busy";
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !isOurs(name)) from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (isOurs(name) || from.getAttribute(name) === value) continue;
      from.setAttribute(name, value);
      if (name === "value" && from !== document.activeElement) from.value = value;
    }
    const wantedPurposes = new Set([...to.children].map(purpose));
    const byPurpose = new Map();
    for (const child of [...from.children]) {
      const own = purpose(child);
      if (!own) continue;
      if (wantedPurposes.has(own)) { byPurpose.set(own, child); continue; }
      // With the space after it, so that what follows keeps its place, and its focus.
      const after = child.nextSibling;
      if (after?.nodeType === Node.TEXT_NODE && !after.data.trim()) after.remove();
      drop(child);
    }
    let at = from.firstChild;
    const past = () => { while (at?.dataset?.keep !== undefined) at = at.nextSibling; };
    for (const wanted of [...to.childNodes]) {
      past();
      let match = null;
      const wantedFor = purpose(wanted);
      if (wantedFor) {
        match = byPurpose.get(wantedFor);
        byPurpose.delete(wantedFor);
      } else if (at && !purpose(at) && at.nodeName === wanted.nodeName) match = at;
      if (!match) { from.insertBefore(wanted, at); continue; }
      if (match === at) at = at.nextSibling;
      else from.insertBefore(match, at);
      morph(match, wanted);
    }
    while (at) {
      const next = at.nextSibling;
      if (at.dataset?.keep === undefined) drop(at);
      at = next;
    }
  }

  // Lets go of pictures before their elements.
  function drop(node) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      for (const image of node.matches("img") ? [node] : $$("img", node)) image.removeAttribute("src");
    }
    node.remove();
  }

  function replace(id, html) {
    const from = document.getElementById(id);
    if (!from) return;
    const template = document.createElement("template");
    template.innerHTML = html;
    const to = template.content.firstElementChild;
    if (to) morph(from, to);
  }

  // Nothing of a transaction outlives it here.
  function wipe() {
    for (const dialog of $$("dialog[open]")) dialog.close("no");
    clearProblem();
    selected = null;
    isChosen = false;
    const whole = $("#transaction");
    const idle = $("#idle").content.cloneNode(true);
    for (const image of $$("img", whole)) image.removeAttribute("src");
    whole.replaceWith(idle);
    document.title = title;
    nameKeys();
    tick();
  }
  const title = document.title;

  function update() {
    reselect();
    nameKeys();
    tick();
  }

  // The page as it is now, where events may have been missed.
  async function refresh() {
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      if (!response.ok || response.redirected) return location.reload();
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      const to = fresh.getElementById("transaction");
      const from = $("#transaction");
      if (from.dataset.transaction && from.dataset.transaction !== to.dataset.transaction) wipe();
      replaceWhole(to);
    } catch { /* Still out of reach: the next connection tries again. */ }
  }

  function replaceWhole(to) {
    const from = $("#transaction");
    if (from.dataset.transaction === to.dataset.transaction) morph(from, to);
    else from.replaceWith(document.adoptNode(to));
    update();
  }

  const link = $("#link");
  function connected(isUp) {
    link.textContent = isUp ? link.dataset.up : link.dataset.down;
    link.classList.toggle("down", !isUp);
  }

  let wasDown = false;
  const events = new EventSource(
    `/lanes/${encodeURIComponent(lane)}/events?seen=${$("#transaction").dataset.transaction || ""}`,
  );
  events.addEventListener("open", () => {
    connected(true);
    if (wasDown) refresh();
    wasDown = false;
  });
  events.addEventListener("error", () => { wasDown = true; connected(false); });
  events.addEventListener("fragments", (event) => {
    for (const { id, html } of JSON.parse(event.data)) replace(id, html);
    update();
  });
  events.addEventListener("opened", (event) => {
    let parts = [];
    try { parts = JSON.parse(event.data); } catch { /* An event that only says so. */ }
    if (!Array.isArray(parts) || !parts.length) return refresh();
    const template = document.createElement("template");
    template.innerHTML = parts[0].html;
    const to = template.content.firstElementChild;
    const isNew = $("#transaction").dataset.transaction !== to.dataset.transaction;
    if (isNew) wipe();
    replaceWhole(to);
    if (isNew) cardOf(selected)?.focus();
  });
  events.addEventListener("gone", wipe);

  // The time left counts down between events.
  let deadline = null;
  let counted = null;
  function tick() {
    const clock = $("#clock");
    if (!clock) { counted = null; return; }
    if (counted !== clock.dataset.seconds) {
      counted = clock.dataset.seconds;
      deadline = performance.now() + 1000 * Number(counted);
    }
    const left = Math.max(0, Math.round((deadline - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.closest(".time").classList.toggle("short", left < 60);
  }
  setInterval(tick, 1000);

  // No way back to the last vehicle: a page that is left is emptied, and one that is
  // brought back all the same asks the lane again.
  addEventListener("pagehide", () => { events.close(); wipe(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  update();
  if (document.activeElement === body) cardOf(selected)?.focus({ preventScroll: true });
})();

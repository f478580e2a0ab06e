// Zones drawn and dragged on a camera's picture: by pointer, or by keyboard (each corner
// and each zone takes focus; arrows move it, with Shift by ten).
"use strict";
(() => {
  const editor = document.getElementById("editor");
  const $ = (id) => document.getElementById(id);
  const said = $("said");
  const drawing = $("drawing");
  const { zones, width, height, faces: seenBefore } = JSON.parse(editor.dataset.state);
  let faces = []; // in the newest picture
  let seen = seenBefore; // in this set-up
  let suggested = [];
  const radios = [...editor.querySelectorAll("[name=seat]")];
  const names = new Map(radios.map((radio) => [radio.value, radio.dataset.name]));
  const history = [];

  const current = () => radios.find((radio) => radio.checked)?.value;
  const zoneOf = (seat) => zones.find((zone) => zone.seat === seat);
  const remember = () => {
    history.push(JSON.stringify(zones));
    if (history.length > 100) history.shift();
  };
  const clamp = (value) => Math.min(1, Math.max(0, value));
  const rounded = (value) => Math.round(value * 1000) / 1000;

  // ---- Geometry ----

  function isInside([x, y], polygon) {
    let inside = false;
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
      const [ax, ay] = polygon[i];
      const [bx, by] = polygon[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside;
  }

  const middle = ([x, y, w, h]) => [x + w / 2, y + h / 2];
  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const cross = (a, b, c, d) =>
    turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  const sides = (polygon) => polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length]]);

  function crossesItself(polygon) {
    const all = sides(polygon);
    return all.some(([a, b], i) => all.some(([c, d], j) => j > i && cross(a, b, c, d)));
  }

  // What is wrong with a zone, worst first; an empty text if nothing.
  function warning(zone) {
    const { warnCross, warnEmpty, warnSize } = editor.dataset;
    if (crossesItself(zone.polygon)) return warnCross;
    const own = seen.filter((face) => isInside(middle(face), zone.polygon));
    if (seen.length && !own.length) return warnEmpty;
    const [least, greatest] = zone.face_width;
    if (own.some(([, , w]) => w < least || w > greatest)) return warnSize;
    return "";
  }

  // ---- Drawing ----

  const make = (name, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };

  function draw() {
    const focused = document.activeElement?.dataset?.at;
    drawing.replaceChildren();
    for (const [x, y, w, h] of faces.length ? faces : seen) {
      const isHeld = zones.some((zone) => isInside(middle([x, y, w, h]), zone.polygon));
      make("rect", { class: isHeld ? "face" : "face lost", x: x * width, y: y * height, width: w * width, height: h * height }, drawing);
    }
    const seat = current();
    const order = zones.filter((zone) => zone.seat !== seat).concat(zones.filter((zone) => zone.seat === seat));
    for (const zone of order) {
      const isIt = zone.seat === seat;
      const points = zone.polygon.map(([x, y]) => `${x * width},${y * height}`).join(" ");
      const shape = make("polygon", {
        class: isIt ? "zone current" : "zone", points, tabindex: "0", role: "button",
        "aria-label": `${editor.dataset.zone} ${names.get(zone.seat)}`,
      }, drawing);
      shape.dataset.at = `${zone.seat} all`;
      const [x, y] = zone.polygon.reduce(([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d)], [1, 1]);
      const label = make("text", { x: x * width + 4, y: y * height - 6, class: isIt ? "name current" : "name" }, drawing);
      label.textContent = names.get(zone.seat);
      if (!isIt) continue;
      // The least and the greatest face as boxes, so that sizes are seen.
      const [cx, cy] = centre(zone.polygon);
      for (const [share, name] of [[zone.face_width[0], "least"], [zone.face_width[1], "greatest"]]) {
        const w = share * width;
        make("rect", { class: `size ${name}`, x: cx * width - w / 2, y: cy * height - w * 0.625, width: w, height: w * 1.25 }, drawing);
      }
      zone.polygon.forEach(([px, py], i) => {
        const corner = make("circle", {
          class: "corner", cx: px * width, cy: py * height, r: Math.max(9, width / 110), tabindex: "0", role: "button",
          "aria-label": `${editor.dataset.corner} ${i + 1}`,
        }, drawing);
        corner.dataset.at = `${zone.seat} ${i}`;
      });
    }
    for (const [value] of names) {
      const mark = editor.querySelector(`[data-warning="${value}"]`);
      const zone = zoneOf(value);
      const text = zone ? warning(zone) : editor.dataset.warnOutside;
      mark.textContent = text || editor.dataset.well;
      mark.classList.toggle("bad", Boolean(zone && text));
    }
    const zone = zoneOf(seat);
    for (const [id, at] of [["least", 0], ["greatest", 1]]) {
      $(id).disabled = !zone;
      if (document.activeElement !== $(id)) $(id).value = zone ? rounded(zone.face_width[at]) : "";
    }
    $("add").disabled = Boolean(zone);
    for (const id of ["corner", "remove"]) $(id).disabled = !zone;
    $("suggest").disabled = !suggestion();
    $("undo").disabled = !history.length;
    if (focused) drawing.querySelector(`[data-at="${focused}"]`)?.focus();
  }

  function centre(polygon) {
    const sum = polygon.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
    return sum.map((value) => value / polygon.length);
  }

  // ---- Moving ----

  function move(zone, which, dx, dy) {
    const corners = which === "all" ? zone.polygon.map((_, i) => i) : [Number(which)];
    // A whole zone keeps its shape at the picture's edge.
    const allowed = (axis, by) => {
      const values = corners.map((i) => zone.polygon[i][axis]);
      return Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), by));
    };
    const [x, y] = [allowed(0, dx), allowed(1, dy)];
    for (const i of corners) {
      const [px, py] = zone.polygon[i];
      zone.polygon[i] = [rounded(clamp(px + x)), rounded(clamp(py + y))];
    }
  }

  const pointOf = (event) => {
    const box = drawing.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };

  let dragged = null;
  drawing.addEventListener("pointerdown", (event) => {
    const at = event.target.dataset?.at;
    if (!at) return;
    const [seat, which] = at.split(" ");
    select(seat);
    remember();
    dragged = { zone: zoneOf(seat), which, from: pointOf(event) };
    drawing.setPointerCapture(event.pointerId);
    drawing.querySelector(`[data-at="${at}"]`)?.focus();
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const to = pointOf(event);
    move(dragged.zone, dragged.which, to[0] - dragged.from[0], to[1] - dragged.from[1]);
    dragged.from = to;
    draw();
  });
  const let_go = () => { dragged = null; };
  drawing.addEventListener("pointerup", let_go);
  drawing.addEventListener("pointercancel", let_go);

  drawing.addEventListener("keydown", (event) => {
    const at = event.target.dataset?.at;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!at) return;
    const [seat, which] = at.split(" ");
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return select(seat);
    }
    if (event.key === "Delete" && which !== "all" && zoneOf(seat).polygon.length > 3) {
      remember();
      zoneOf(seat).polygon.splice(Number(which), 1);
      return draw();
    }
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    remember();
    const by = event.shiftKey ? 0.02 : 0.002;
    move(zoneOf(seat), which, step[0] * by, step[1] * by);
    draw();
  });

  function select(seat) {
    for (const radio of radios) radio.checked = radio.value === seat;
    draw();
  }
  for (const radio of radios) radio.addEventListener("change", draw);

  // ---- Tools ----

  const box = (x, y, w, h) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
    .map(([a, b]) => [rounded(clamp(a)), rounded(clamp(b))]);

  $("add").addEventListener("click", () => {
    remember();
    zones.push({ seat: current(), polygon: box(0.42, 0.38, 0.16, 0.26), face_width: [0.05, 0.15] });
    draw();
  });
  $("remove").addEventListener("click", () => {
    remember();
    zones.splice(zones.indexOf(zoneOf(current())), 1);
    draw();
  });
  $("corner").addEventListener("click", () => {
    const { polygon } = zoneOf(current());
    if (polygon.length >= 16) return;
    remember();
    // In the middle of the longest side.
    const length = ([[ax, ay], [bx, by]]) => Math.hypot(ax - bx, ay - by);
    const all = sides(polygon);
    const longest = all.indexOf(all.reduce((best, side) => (length(side) > length(best) ? side : best)));
    const [[ax, ay], [bx, by]] = all[longest];
    polygon.splice(longest + 1, 0, [rounded((ax + bx) / 2), rounded((ay + by) / 2)]);
    draw();
  });
  // What the lane suggests for the chosen seat: from the faces that lie where its zone
  // does, or else from those that are in no zone at all.
  function suggestion() {
    const seat = current();
    const free = (of) => !zones.some((zone) => isInside(centre(of.polygon), zone.polygon));
    return suggested.find((of) => of.seat === seat) ?? suggested.find((of) => of.seat === null && free(of));
  }
  $("suggest").addEventListener("click", () => {
    const found = suggestion();
    if (!found) return;
    remember();
    const zone = zoneOf(current());
    const fresh = {
      seat: current(),
      polygon: found.polygon.map((corner) => corner.map(rounded)),
      face_width: found.face_width.map(rounded),
    };
    if (zone) Object.assign(zone, fresh);
    else zones.push(fresh);
    draw();
  });
  $("undo").addEventListener("click", () => {
    const before = history.pop();
    if (before) zones.splice(0, zones.length, ...JSON.parse(before));
    draw();
  });
  for (const [id, at] of [["least", 0], ["greatest", 1]]) {
    $(id).addEventListener("change", () => {
      const value = Number($(id).value);
      if (!(value > 0 && value <= 1)) return draw();
      remember();
      zoneOf(current()).face_width[at] = value;
      draw();
    });
  }

  // ---- Asking the lane ----

  const ask = (method, to, content) => fetch(to, {
    method,
    headers: { "content-type": "application/json", "x-csrf-token": document.body.dataset.csrf },
    body: content && JSON.stringify(content),
  });

  function complain(where, text) {
    where.className = "problem";
    where.textContent = text;
  }
  const refusal = async (response) => {
    const answer = await response.json().catch(() => ({}));
    return `${answer.title || document.body.dataset.refused} ${answer.detail || ""}`;
  };

  async function send(path) {
    said.className = "";
    said.replaceChildren();
    try {
      const response = await ask("POST", `${editor.dataset.to}/zones${path}`, { of: editor.dataset.of, zones });
      if (!response.ok) return complain(said, await refusal(response));
      const answer = await response.json();
      $("text").textContent = answer.file;
      if (!path) editor.dataset.of = answer.of;
      said.textContent = path ? editor.dataset.well : editor.dataset.written;
    } catch {
      complain(said, document.body.dataset.offline);
    }
  }
  $("check").addEventListener("click", () => send("/check"));
  $("write").addEventListener("click", () => send(""));

  // ---- The set-up: begun and ended deliberately. ----

  const setUp = $("set-up");
  const modeSaid = $("mode-said");
  $("begin")?.addEventListener("click", async () => {
    $("begin").disabled = true;
    for (;;) {
      try {
        const response = await ask("POST", setUp.dataset.to);
        if (response.ok) return location.reload();
        if (response.status !== 409) {
          $("begin").disabled = false;
          return complain(modeSaid, await refusal(response));
        }
        // A vehicle is there: as soon as it has left.
        modeSaid.textContent = setUp.dataset.waiting;
      } catch {
        $("begin").disabled = false;
        return complain(modeSaid, document.body.dataset.offline);
      }
      await new Promise((done) => { setTimeout(done, 250); });
    }
  });
  $("end")?.addEventListener("click", async () => {
    try {
      const response = await ask("DELETE", setUp.dataset.to);
      if (response.ok) return location.reload();
      complain(modeSaid, await refusal(response));
    } catch {
      complain(modeSaid, document.body.dataset.offline);
    }
  });

  // The live picture and the faces in it, while the page is looked at; never kept.
  const live = $("live");
  if (live) {
    const from = live.getAttribute("src");
    let count = 0;
    const shown = () => { $("nothing").hidden = live.naturalWidth > 0; };
    live.addEventListener("load", shown);
    live.addEventListener("error", shown);
    if (live.complete) shown();
    setInterval(() => {
      if (document.hidden || !live.complete) return;
      count += 1;
      live.src = `${from}?n=${count}`;
    }, 1000);
    const look = async () => {
      if (!document.hidden && !dragged) {
        const response = await fetch(`${editor.dataset.to}/faces`).catch(() => null);
        // The set-up is over: so is what was seen of it.
        if (response?.status === 409) return location.reload();
        if (response?.ok) {
          const found = await response.json();
          [faces, seen, suggested] = [found.now, found.seen, found.suggested];
          if (!dragged) draw();
        }
      }
      setTimeout(look, 1500);
    };
    look();
    addEventListener("pagehide", () => live.removeAttribute("src"));
  }
  draw();
})();

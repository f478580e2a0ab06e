// Zones drawn and dragged on a camera's picture: by pointer, or by keyboard (each corner
// and each zone takes focus; arrows move it, with Shift by ten).
"use strict";
(() => {
  const editor = document.getElementById("editor");
  const $ = (id) => document.getElementById(id);
  const said = $("said");
  const drawing = $("drawing");
  const { zones, faces, width, height } = JSON.parse(editor.dataset.state);
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
    const own = faces.filter((face) => isInside(middle(face), zone.polygon));
    if (faces.length && !own.length) return warnEmpty;
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
    for (const [x, y, w, h] of faces) {
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
    $("suggest").disabled = !faces.length;
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
  // The chosen seat's zone about the faces near it, with room to move, and widths about
  // theirs.
  $("suggest").addEventListener("click", () => {
    const zone = zoneOf(current());
    const [cx, cy] = zone ? centre(zone.polygon) : [0.5, 0.5];
    const far = (face) => Math.hypot(middle(face)[0] - cx, middle(face)[1] - cy);
    const free = faces.filter((face) => !zones.some((other) => other !== zone && isInside(middle(face), other.polygon)));
    if (!free.length) return;
    const nearest = free.reduce((best, face) => (far(face) < far(best) ? face : best));
    const near = free.filter((face) =>
      Math.hypot(middle(face)[0] - middle(nearest)[0], middle(face)[1] - middle(nearest)[1]) < nearest[2]);
    const left = Math.min(...near.map(([x]) => x));
    const top = Math.min(...near.map(([, y]) => y));
    const right = Math.max(...near.map(([x, , w]) => x + w));
    const bottom = Math.max(...near.map(([, y, , h]) => y + h));
    const widths = near.map(([, , w]) => w);
    const room = Math.max(...widths) * 0.6;
    remember();
    const fresh = {
      seat: current(),
      polygon: box(left - room, top - room, right - left + 2 * room, bottom - top + 2 * room),
      face_width: [rounded(Math.min(...widths) * 0.6), rounded(Math.max(...widths) * 1.6)],
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

  async function send(path) {
    said.className = "";
    try {
      const response = await fetch(editor.dataset.to + path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": document.body.dataset.csrf },
        body: JSON.stringify({ zones }),
      });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) {
        said.className = "problem";
        said.textContent = `${answer.title || document.body.dataset.refused} ${answer.detail || ""}`;
        return;
      }
      if (answer.file) $("text").textContent = answer.file;
      said.textContent = path ? editor.dataset.well : editor.dataset.written;
    } catch {
      said.className = "problem";
      said.textContent = document.body.dataset.offline;
    }
  }
  $("check").addEventListener("click", () => send("/check"));
  $("write").addEventListener("click", () => send(""));

  // The live picture, once a second while the page is looked at; never kept.
  const live = $("live");
  if (live) {
    const from = live.getAttribute("src");
    let count = 0;
    setInterval(() => {
      if (document.hidden || !live.complete) return;
      count += 1;
      live.src = `${from}${from.includes("?") ? "&" : "?"}n=${count}`;
    }, 1000);
    addEventListener("pagehide", () => live.removeAttribute("src"));
  }
  draw();
})();

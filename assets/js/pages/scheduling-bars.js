// Shifts over the curve: bars are dragged or moved with arrow keys, the picture and the sums follow, the form's fields hold
// what will be saved. Without this file the fields are typed.
const STEP = 8, HIGH = 120, QUARTER = 15, ROOM = 112;
const form = document.getElementById("bars");
if (form) start(form, JSON.parse(document.getElementById("curve").textContent));

function start(form, { required, peak }) {
  const bars = [...form.querySelectorAll("[data-bar]")].map(read).filter((bar) => bar.fields.start);
  const days = [...form.querySelectorAll("[data-day]")];
  const fixed = [...form.querySelectorAll("[data-bar]")].length !== bars.length;
  if (fixed || !bars.length) return;
  for (const bar of bars) enable(bar);
  form.addEventListener("input", (event) => {
    const bar = bars.find((one) => Object.values(one.fields).includes(event.target));
    if (bar) { typed(bar); draw(); }
  });

  function read(node) {
    const day = node.closest("[data-day]"), row = form.querySelector(`[data-row="${node.dataset.bar}"]`);
    const field = (part) => row?.querySelector(`[name^="${part}-"]`);
    return {
      node, offset: Number(day.dataset.offset), quarters: Number(day.dataset.quarters),
      start: Number(node.dataset.start), end: Number(node.dataset.end), seats: Number(node.dataset.seats),
      svg: node.ownerSVGElement, fields: { start: field("start"), end: field("end"), seats: field("seats") },
    };
  }

  function enable(bar) {
    bar.was = { start: bar.start, end: bar.end, seats: bar.seats };
    bar.from = bar.fields.start.value;
    const { node } = bar;
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "slider");
    node.setAttribute("aria-label", bar.fields.seats.labels[0]?.textContent ?? "");
    node.addEventListener("keydown", (event) => keyed(bar, event));
    node.addEventListener("pointerdown", (event) => grab(bar, event));
    say(bar);
  }

  function grab(bar, event) {
    const edge = event.target.dataset.edge, { start, end } = bar, from = quarterAt(bar, event);
    bar.node.setPointerCapture(event.pointerId);
    bar.node.focus();
    event.preventDefault();
    const move = (next) => {
      const by = quarterAt(bar, next) - from;
      if (edge === "start") put(bar, Math.min(start + by, end - 1), end);
      else if (edge === "end") put(bar, start, Math.max(end + by, start + 1));
      else put(bar, start + by, end + by);
    };
    const drop = () => bar.node.removeEventListener("pointermove", move);
    bar.node.addEventListener("pointermove", move);
    bar.node.addEventListener("pointerup", drop, { once: true });
    bar.node.addEventListener("pointercancel", drop, { once: true });
  }

  function quarterAt(bar, event) {
    const box = bar.svg.getScreenCTM();
    return Math.round((event.clientX - box.e) / box.a / STEP);
  }

  function keyed(bar, event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], seats = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by && !seats) return;
    event.preventDefault();
    if (seats) bar.seats = Math.max(0, bar.seats + seats);
    else if (event.shiftKey) bar.end = Math.max(bar.start + 1, bar.end + by);
    put(bar, by && !event.shiftKey ? bar.start + by : bar.start, by && !event.shiftKey ? bar.end + by : bar.end);
  }

  function put(bar, from, to) {
    const first = bar.offset, length = Math.min(to - from, 48);
    bar.start = Math.max(first, Math.min(from, first + bar.quarters - 1));
    bar.end = bar.start + length;
    bar.fields.start.value = shifted(bar.fields.start, bar.start - bar.was.start);
    bar.fields.end.value = shifted(bar.fields.end, bar.end - bar.was.end);
    bar.fields.seats.value = bar.seats;
    say(bar);
    draw();
  }

  // wall times of the day the shift was on; the server has the last word on nights when clocks change
  function shifted(field, quarters) {
    return clock(minutes(field.defaultValue) + quarters * QUARTER);
  }

  function typed(bar) {
    const from = minutes(bar.fields.start.value), to = minutes(bar.fields.end.value);
    if (Number.isNaN(from) || Number.isNaN(to)) return;
    bar.start = bar.was.start + Math.round((from - minutes(bar.fields.start.defaultValue)) / QUARTER);
    bar.end = bar.start + Math.round((((to - from) % 1440) + 1440) % 1440 / QUARTER || 96);
    bar.seats = Math.max(0, Number(bar.fields.seats.value) || 0);
    say(bar);
  }

  function say(bar) {
    const { node, start, end, seats, was } = bar;
    node.setAttribute("aria-valuenow", String(start));
    node.setAttribute("aria-valuemin", String(bar.offset));
    node.setAttribute("aria-valuemax", String(bar.offset + bar.quarters - 1));
    const words = `${bar.fields.start.value} – ${bar.fields.end.value} · ${seats}`;
    node.setAttribute("aria-valuetext", words);
    node.querySelector("text").textContent = words;
    const x = (start - bar.offset) * STEP, after = Math.min(end - bar.offset, bar.quarters) * STEP;
    const [body, first, last] = node.querySelectorAll("rect");
    body.setAttribute("x", x);
    body.setAttribute("width", Math.max(STEP, after - x));
    first.setAttribute("x", x);
    last.setAttribute("x", Math.max(x, after - 6));
    node.querySelector("text").setAttribute("x", after - x >= ROOM ? x + 9 : after + 4);
    node.classList.toggle("is-changed", start !== was.start || end !== was.end || seats !== was.seats);
    node.classList.toggle("is-gone", seats === 0);
  }

  function draw() {
    const covered = new Array(required.length).fill(0);
    for (const { start, end, seats } of bars) {
      for (let at = start; at < Math.min(end, covered.length); at++) covered[at] += seats;
    }
    const total = { under: 0, over: 0 };
    for (const day of days) {
      const first = Number(day.dataset.offset), after = first + Number(day.dataset.quarters);
      const pairs = required.slice(first, after).map((need, at) => [need, covered[first + at]]);
      area(day, "cover", pairs, (need, have) => [0, Math.min(need, have)]);
      area(day, "short", pairs, (need, have) => [Math.min(need, have), need]);
      area(day, "spare", pairs, (need, have) => [Math.min(need, have), have]);
      const under = sum(pairs, (need, have) => need - have), over = sum(pairs, (need, have) => have - need);
      show(day.querySelector('[data-part="under"]'), under, "c-short");
      show(day.querySelector('[data-part="over"]'), over, "c-over");
    }
    for (let at = 0; at < required.length; at++) {
      total.under += Math.max(0, required[at] - covered[at]) * QUARTER;
      total.over += Math.max(0, covered[at] - required[at]) * QUARTER;
    }
    show(document.querySelector('[data-sum="under"]'), total.under, "c-short");
    show(document.querySelector('[data-sum="over"]'), total.over, "c-over");
  }

  function area(day, name, pairs, span) {
    let path = "";
    const spans = pairs.map(([need, have]) => name === "spare" && have <= need ? [0, 0] : span(need, have));
    for (let first = 0, at = 1; at <= spans.length; at++) {
      if (at < spans.length && spans[at][0] === spans[first][0] && spans[at][1] === spans[first][1]) continue;
      const [low, high] = spans[first];
      if (high > low) path += `M${first * STEP} ${y(low)}V${y(high)}H${at * STEP}V${y(low)}Z`;
      first = at;
    }
    for (const node of day.querySelectorAll(`[data-area="${name}"]`)) node.setAttribute("d", path);
  }

  function y(heads) {
    return (HIGH - (heads * HIGH) / peak).toFixed(1);
  }

  function sum(pairs, of) {
    return pairs.reduce((total, [need, have]) => total + Math.max(0, of(need, have)), 0) * QUARTER;
  }

  function show(node, value, css) {
    if (!node) return;
    node.textContent = lasting(value);
    node.classList.toggle(css, value > 0);
  }
}

function minutes(text) {
  const [hours, rest] = text.split(":").map(Number);
  return hours * 60 + rest;
}

function clock(total) {
  const day = ((total % 1440) + 1440) % 1440;
  return `${String(Math.floor(day / 60)).padStart(2, "0")}:${String(day % 60).padStart(2, "0")}`;
}

function lasting(value) {
  const days = Math.floor(value / 1440), hours = Math.floor((value % 1440) / 60), rest = value % 60;
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours) return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
  return `${rest} min`;
}

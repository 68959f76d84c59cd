// A sheet of demand: arrows, ranges, paste from a spreadsheet, undo. Without this file each cell is an ordinary field.
const table = document.querySelector("[data-sheet]");
if (table?.querySelector("input")) start(table);

function start(sheet) {
  const grid = [...sheet.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("input")));
  const places = new Map();
  grid.forEach((row, r) => row.forEach((input, c) => input && places.set(input, { r, c })));
  const was = new Map([...places.keys()].map((input) => [input, input.defaultValue]));
  const sums = [...sheet.querySelectorAll("[data-sum]")];
  const undo = document.querySelector("[data-undo]"), redo = document.querySelector("[data-redo]");
  const done = [], undone = [];
  let anchor = null, head = null, before = "";

  const at = (r, c) => grid[r]?.[c] ?? null;

  function change(steps) {
    const real = steps.filter((step) => step.input && step.input.value !== step.to).map((step) => ({ ...step, from: step.input.value }));
    if (!real.length) return;
    put(real, "to");
    done.push(real);
    undone.length = 0;
    show();
  }

  function put(steps, side) {
    for (const step of steps) { step.input.value = step[side]; mark(step.input); }
    steps[0].input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function back(from, to, side) {
    const steps = from.pop();
    if (!steps) return;
    put(steps, side);
    to.push(steps);
    steps[0].input.focus();
    show();
  }

  function mark(input) {
    input.closest("td").classList.toggle("is-changed", input.value !== was.get(input));
  }

  function show() {
    if (undo) { undo.hidden = !done.length; redo.hidden = !undone.length; }
    sums.forEach((cell, c) => {
      const total = grid.reduce((sum, row) => sum + number(row[c]?.value), 0);
      cell.textContent = total ? total.toLocaleString(undefined, { maximumFractionDigits: 1 }) : "";
    });
  }

  function select(to) {
    head = to;
    const [top, bottom] = [Math.min(anchor.r, to.r), Math.max(anchor.r, to.r)];
    const [first, last] = [Math.min(anchor.c, to.c), Math.max(anchor.c, to.c)];
    const many = top !== bottom || first !== last;
    for (const [input, { r, c }] of places) {
      input.closest("td").classList.toggle("is-sel", many && r >= top && r <= bottom && c >= first && c <= last);
    }
    return { top, bottom, first, last };
  }

  function range() {
    return select(head ?? anchor);
  }

  function move(r, c, extend) {
    const input = at(r, c);
    if (!input) return;
    if (extend) { select({ r, c }); } else { anchor = { r, c }; select(anchor); }
    input.focus({ preventScroll: false });
    if (!extend) input.select();
  }

  sheet.addEventListener("focusin", (event) => {
    const place = places.get(event.target);
    if (!place) return;
    before = event.target.value;
    if (!head || head.r !== place.r || head.c !== place.c) { anchor = place; select(place); }
  });
  sheet.addEventListener("mousedown", (event) => {
    const place = places.get(event.target);
    if (!place || !event.shiftKey || !anchor) return;
    event.preventDefault();
    select(place);
  });
  sheet.addEventListener("change", (event) => {
    if (!places.has(event.target) || event.target.value === before) return;
    done.push([{ input: event.target, from: before, to: event.target.value }]);
    undone.length = 0;
    before = event.target.value;
    mark(event.target);
    show();
  });
  sheet.addEventListener("input", (event) => { if (places.has(event.target)) { mark(event.target); } });

  sheet.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    if (!place) return;
    const from = event.shiftKey && head ? head : place;
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const way = ways[event.key];
    const inText = way?.[1] && !event.shiftKey && !atEdge(event.target, way[1]);
    if (way && !inText && !event.altKey) {
      event.preventDefault();
      move(from.r + way[0], from.c + way[1], event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) { fill(event.target.value); } else { move(place.r + (event.shiftKey ? -1 : 1), place.c, false); }
    } else if (event.key === "Escape") {
      event.target.value = before;
      mark(event.target);
    } else if (event.key === "Delete" && head && anchor && (head.r !== anchor.r || head.c !== anchor.c)) {
      event.preventDefault();
      fill("");
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (event.target.value !== before) { event.target.value = before; mark(event.target); return; }
      if (event.shiftKey) { back(undone, done, "to"); } else { back(done, undone, "from"); }
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") {
      event.preventDefault();
      back(undone, done, "to");
    }
  });

  function fill(value) {
    const { top, bottom, first, last } = range();
    const steps = [];
    for (let r = top; r <= bottom; r += 1) for (let c = first; c <= last; c += 1) steps.push({ input: at(r, c), to: value });
    change(steps);
  }

  sheet.addEventListener("paste", (event) => {
    const place = places.get(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!place || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    const top = Math.min(place.r, anchor?.r ?? place.r), first = Math.min(place.c, anchor?.c ?? place.c);
    change(lines.flatMap((cells, r) => cells.map((value, c) => ({ input: at(top + r, first + c), to: value.trim() }))));
  });

  sheet.addEventListener("copy", (event) => {
    if (!head || !anchor || (head.r === anchor.r && head.c === anchor.c)) return;
    event.preventDefault();
    const { top, bottom, first, last } = range();
    const lines = grid.slice(top, bottom + 1).map((row) => row.slice(first, last + 1).map((input) => input?.value ?? "").join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
  });

  undo?.addEventListener("click", () => back(done, undone, "from"));
  redo?.addEventListener("click", () => back(undone, done, "to"));
  for (const input of places.keys()) mark(input);
  show();
}

// Whether the caret stands where an arrow would leave the text.
function atEdge(input, way) {
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  return whole || (way < 0 ? input.selectionStart === 0 && input.selectionEnd === 0 : input.selectionStart === input.value.length);
}

// The same reading as the server's: a comma before three digits parts thousands.
function number(text) {
  const bare = (text ?? "").replace(/[\s']/g, "");
  const plain = /,\d{3}(?!\d)/.test(bare) ? bare.replace(/,/g, "") : bare.replace(/\.(?=.*,)/g, "").replace(",", ".");
  return Number.parseFloat(plain) || 0;
}

// Painting the week: a rectangle of cells by mouse, touch or keyboard fills the form beside the grid.
// Without this file the form itself asks for days and times.
const grid = document.querySelector("[data-grid]");
const form = document.querySelector("[data-pencil]");

if (grid) startTips(grid);
if (grid) openAtWork(grid, grid.closest(".scroll-x"));
if (grid && form && grid.dataset.canPlan !== undefined) startPainting(grid, form);

// On a phone the grid opens where most days have work, not at midnight, and the curve below it at the same hour.
function openAtWork(table, box) {
  const days = [];
  for (const row of table.tBodies[0].rows) {
    row.querySelectorAll("td").forEach((cell, place) => { if (/[1-9]/.test(cell.textContent)) days[place] = (days[place] ?? 0) + 1; });
  }
  const first = days.findIndex((n) => n >= Math.max(...days.filter(Boolean)) / 2);
  if (first < 1 || box.scrollWidth <= box.clientWidth) return;
  const [row] = table.tBodies[0].rows;
  box.scrollLeft += row.querySelectorAll("td")[first].getBoundingClientRect().left - row.querySelector("th").getBoundingClientRect().right;
  const curve = document.querySelector(".cap .scroll-x:not(.cap-x)");
  if (curve) curve.scrollLeft = (curve.scrollWidth * box.scrollLeft) / box.scrollWidth;
}

function startTips(table) {
  const box = document.querySelector("[data-tip-box]");
  const show = (event) => {
    const cell = event.target.closest("td[data-tip]");
    if (!cell?.dataset.tip) return hide();
    const day = cell.parentElement.querySelector("th a")?.textContent ?? "";
    box.textContent = `${day} ${span(cell)}\n${cell.dataset.tip}`;
    box.style.setProperty("white-space", "pre");
    box.hidden = false;
    const room = box.parentElement.getBoundingClientRect(), at = cell.getBoundingClientRect();
    const left = Math.min(Math.max(0, at.left - room.left + at.width / 2 - box.offsetWidth / 2), room.width - box.offsetWidth);
    box.style.setProperty("inset-inline-start", `${left}px`);
    box.style.setProperty("inset-block-start", `${Math.max(0, at.top - room.top - box.offsetHeight - 6)}px`);
  };
  const hide = () => { box.hidden = true; };
  table.addEventListener("mouseover", show);
  table.addEventListener("focusin", show);
  table.addEventListener("mouseleave", hide);
  table.addEventListener("focusout", hide);
}

// The cell's local times come from its column and row, so no zone arithmetic is needed here.
function span(cell) {
  const heads = [...cell.closest("table").tHead.rows[0].cells].slice(1);
  const minutes = Math.round((cell.dataset.e - cell.dataset.s) / 60);
  let index = cell.cellIndex - 1, hour = "";
  for (const head of heads) {
    if (index < head.colSpan) { hour = head.textContent.trim().slice(0, 2); break; }
    index -= head.colSpan;
  }
  const start = Number(hour) * 60 + index * minutes;
  return `${clock(start)} – ${clock(start + minutes)}`;
}

function clock(minutes) {
  const two = (n) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function startPainting(table, paper) {
  const rows = [...table.tBodies[0].rows];
  const cellAt = (row, column) => rows[row]?.cells[column + 1];
  const width = rows[0].cells.length - 1;
  const spans = paper.querySelector("[name=spans]");
  const agents = paper.querySelector("[name=agents]");
  let from = null, to = null, painting = false, typed = "";

  table.setAttribute("role", "grid");
  for (const cell of table.querySelectorAll("tbody td")) { cell.tabIndex = -1; cell.setAttribute("role", "gridcell"); }
  const first = table.querySelector("tbody td[data-s]");
  if (first) first.tabIndex = 0;

  const place = (cell) => cell?.dataset.s && { row: rows.indexOf(cell.parentElement), column: cell.cellIndex - 1 };

  function choose(start, end) {
    from = start; to = end;
    const inside = (row, column) => from && row >= Math.min(from.row, to.row) && row <= Math.max(from.row, to.row)
      && column >= Math.min(from.column, to.column) && column <= Math.max(from.column, to.column);
    rows.forEach((row, r) => [...row.cells].slice(1).forEach((cell, c) => {
      const on = Boolean(inside(r, c) && cell.dataset.s);
      cell.classList.toggle("sel", on);
      cell.setAttribute("aria-selected", on);
    }));
    describe();
  }

  function selected() {
    return rows.map((row) => [...row.cells].slice(1).filter((cell) => cell.classList.contains("sel"))).filter((cells) => cells.length);
  }

  function describe() {
    const chosen = selected();
    const title = paper.querySelector("[data-selection-title]");
    paper.querySelector("[data-by-hand]").hidden = chosen.length > 0;
    paper.querySelector("[data-selection-clear]").hidden = chosen.length === 0;
    spans.value = chosen.flatMap(runs).map((run) => run.join("-")).join(",");
    if (!chosen.length) title.textContent = title.dataset.none;
    else {
      const day = chosen.length === 1 ? chosen[0][0].parentElement.querySelector("th a").textContent : title.dataset.many;
      const start = span(chosen[0][0]).slice(0, 5), end = span(chosen[0].at(-1)).slice(-5);
      title.textContent = `${day}, ${start} – ${end}`;
    }
    price();
  }

  function price() {
    const box = paper.querySelector("[data-selection-price]");
    const seconds = selected().flat().reduce((sum, cell) => sum + (cell.dataset.e - cell.dataset.s), 0);
    const count = Number(agents.value), minor = Number(paper.dataset.rateMinor);
    box.hidden = !(seconds && count > 0 && minor);
    if (box.hidden) return;
    const hours = seconds / 3600, digits = fraction(paper.dataset.currency);
    const money = (value) => new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value / 10 ** digits);
    box.querySelector("[data-price-words]").textContent = `${count} × ${hours} h × ${money(minor)}`;
    box.querySelector("[data-price]").textContent = `≈ ${money(Math.round(count * hours * minor))}`;
  }

  function move(cell, event, rowStep, columnStep) {
    const here = place(cell) ?? { row: rows.indexOf(cell.parentElement), column: cell.cellIndex - 1 };
    let row = here.row + rowStep, column = here.column + columnStep;
    while (cellAt(row, column) && !cellAt(row, column).dataset.s) { row += rowStep; column += columnStep; }
    const next = column >= 0 && column < width ? cellAt(row, column) : null;
    if (!next) return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    typed = "";
    choose(event.shiftKey && from ? from : place(next), place(next));
  }

  table.addEventListener("pointerdown", (event) => {
    const start = place(event.target.closest("td"));
    if (!start || event.button !== 0) return;
    painting = event.pointerType === "mouse";
    typed = "";
    choose(event.shiftKey && from ? from : start, start);
  });
  table.addEventListener("pointerover", (event) => {
    const end = painting && place(event.target.closest("td"));
    if (end) choose(from, end);
  });
  addEventListener("pointerup", () => { if (painting) { painting = false; agents.focus(); agents.select(); } });

  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) return move(cell, event, ...steps[event.key]);
    if (/^\d$/.test(event.key)) {
      event.preventDefault();
      if (!selected().length) choose(place(cell), place(cell));
      typed = (typed + event.key).slice(0, 5);
      agents.value = typed;
      price();
    } else if (event.key === "Enter" && agents.value !== "" && selected().length) {
      event.preventDefault();
      paper.requestSubmit();
    } else if (event.key === " ") {
      event.preventDefault();
      choose(place(cell), place(cell));
    } else if (event.key === "Escape") choose(null, null);
  });

  paper.querySelector("[data-selection-clear]").addEventListener("click", () => choose(null, null));
  paper.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (!step) return;
    agents.value = Math.max(0, Number(agents.value || 0) + Number(step.dataset.step));
    price();
  });
  agents.addEventListener("input", price);
  if (spans.value) restore();

  function restore() {
    for (const part of spans.value.split(",")) {
      const [start, end] = part.split("-").map(Number);
      for (const cell of table.querySelectorAll("td[data-s]")) cell.classList.toggle("sel", cell.classList.contains("sel") || (cell.dataset.s >= start && cell.dataset.e <= end));
    }
    describe();
  }
}

// Neighbouring cells of one row as unbroken stretches of time.
function runs(cells) {
  const found = [];
  for (const cell of cells) {
    const last = found.at(-1);
    if (last && last[1] === cell.dataset.s) last[1] = cell.dataset.e;
    else found.push([cell.dataset.s, cell.dataset.e]);
  }
  return found;
}

function fraction(currency) {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  } catch {
    return 2;
  }
}

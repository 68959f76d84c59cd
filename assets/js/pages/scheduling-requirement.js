// Sliders beside the numbers, and only those fields that the chosen model uses. Without this the numbers alone do the work.

// Where a slider helps, its ends lie where planners work; the number beside it still takes everything that is possible.
const ENDS = { target: [50, 100], threshold: [0, 180], patience: [10, 900], max_occupancy: [50, 100], shrinkage: [0, 60], concurrency: [1, 5] };

const form = document.querySelector("[data-sliders]");

for (const [name, [least, most]] of Object.entries(ENDS)) {
  const number = form.elements[name];
  if (!number) continue;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "slider";
  slider.min = least;
  slider.max = most;
  slider.step = number.step || 1;
  slider.value = number.value;
  slider.setAttribute("aria-label", document.querySelector(`label[for="${number.id}"]`)?.textContent.trim() ?? name);
  slider.addEventListener("input", () => { number.value = slider.value; });
  number.addEventListener("input", () => { slider.value = number.value; });
  (number.closest(".input-row") ?? number).after(slider);
}

// The usual gain of several contacts at once follows their number until somebody types a measured one.
const USUAL = { 1: 1, 2: 1.7, 3: 2.5, 4: 2.9, 5: 3.5 };
const factor = form.elements.factor;
let isMeasured = Number(factor.value) !== USUAL[form.elements.concurrency.value];
factor.addEventListener("input", () => { isMeasured = true; });
form.addEventListener("input", () => {
  const usual = USUAL[form.elements.concurrency.value];
  if (!isMeasured && usual) factor.value = usual;
}, { capture: true });

function showUsed() {
  const model = form.elements.model.value;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(model);
}
form.addEventListener("change", showUsed);
showUsed();

form.querySelector("[data-without-live]").hidden = true;

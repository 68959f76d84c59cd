// The sum on the start page follows the two prices as they are typed; without this the form asks the server.
const form = document.querySelector("[data-prices]");
const money = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function cost(name) {
  const input = form.elements[name];
  const price = input.valueAsNumber;
  return price >= 1 && price <= 500 ? Math.round(price * 100) * Number(input.dataset.hours) / 100 : NaN;
}

function write(name, value) {
  form.querySelector(`[data-sum="${name}"]`).textContent = Number.isNaN(value) ? "–" : money.format(value);
}

function work() {
  const fixed = cost("fixed"), onDemand = cost("on_demand");
  write("fixed", fixed);
  write("on_demand", onDemand);
  write("difference", Math.abs(fixed - onDemand));
  const verdict = form.querySelector("[data-verdict]");
  verdict.textContent = fixed - onDemand > 0 ? verdict.dataset.saving : verdict.dataset.dearer;
  for (const link of document.querySelectorAll("[aria-labelledby=day-title] .seg a")) {
    const query = new URLSearchParams(new FormData(form));
    query.set("day", new URL(link.href).searchParams.get("day"));
    link.href = `/?${query}`;
  }
}

form.addEventListener("input", work);

// Double submits, unsaved changes, forms that submit themselves.

export function startForms() {
  document.addEventListener("submit", refuseSecond, { capture: true });
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:afterRequest", (event) => release(event.target));
  // a page that comes back from the browser's memory must not stay busy
  addEventListener("pageshow", (event) => { if (event.persisted) releaseAll(); });
  document.addEventListener("change", submitOnChange);
  guardUnsaved();
}

function onSubmit(event) {
  if (event.defaultPrevented && !event.target.matches("[hx-post],[hx-get],[hx-put],[hx-delete],[hx-patch]")) return;
  const form = event.target;
  if (form.method === "dialog" || form.target === "_blank" || form.dataset.repeatable !== undefined) return;
  form.dataset.sent = "";
  const button = event.submitter ?? form.querySelector("button:not([type]),[type=submit]");
  if (button) makeBusy(button);
}

function refuseSecond(event) {
  if (event.target.dataset.sent === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// The button keeps its width and its name in the form; it only looks and reads busy.
function makeBusy(button) {
  button.style.setProperty("min-inline-size", `${button.offsetWidth}px`);
  button.setAttribute("aria-disabled", "true");
  button.classList.add("is-busy");
  if (button.dataset.busy && button.children.length === 0) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
}

function release(element) {
  const form = element?.closest?.("form");
  if (form) releaseForm(form);
}

function releaseAll() {
  document.querySelectorAll("form[data-sent]").forEach(releaseForm);
}

function releaseForm(form) {
  delete form.dataset.sent;
  const outside = form.id ? document.querySelectorAll(`.is-busy[form="${CSS.escape(form.id)}"]`) : [];
  for (const button of [...form.querySelectorAll(".is-busy"), ...outside]) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
    button.style.removeProperty("min-inline-size");
    if (button.dataset.label) {
      button.textContent = button.dataset.label;
      delete button.dataset.label;
    }
  }
}

// <form data-autosubmit>: filters that need no button; without JavaScript the button inside <noscript> does it.
function submitOnChange(event) {
  event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit();
}

// <form data-guard>: leaving with changes asks first.
function guardUnsaved() {
  const touched = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-guard]")) return;
    touched.add(form);
    form.dataset.dirty = "";
  });
  document.addEventListener("submit", (event) => touched.delete(event.target));
  document.addEventListener("reset", (event) => {
    touched.delete(event.target);
    delete event.target.dataset.dirty;
  });
  addEventListener("beforeunload", (event) => {
    if ([...touched].some((form) => form.isConnected)) event.preventDefault();
  });
}

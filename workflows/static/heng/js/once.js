// A form marked data-once is sent once: a second click while the answer is on its way does nothing.
// A button marked data-confirm asks its question first. Without this file everything still works;
// the server refuses what was already done.

function unlock(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (!form.matches("[data-once]") || event.submitter?.formTarget) return; // or into another tab
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Later, so that the pressed button's own value is still part of what is sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
});

// Coming back with the browser's back button finds the form usable again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(unlock));
document.addEventListener("htmx:afterRequest", () => document.querySelectorAll("form[data-sent]").forEach(unlock));

// A swapped part that came back with errors begins at their summary; whole pages use autofocus.
document.addEventListener("htmx:afterSwap", (event) => event.target.querySelector?.("[data-focus]")?.focus());

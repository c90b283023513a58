// Counts down the seconds in which a press may be taken back; then the button goes and the words
// stay. The figures are for the eye: a screen reader heard once how long it takes.

for (const form of document.querySelectorAll("[data-undo]")) {
  const end = performance.now() + 1000 * Number(form.dataset.undo);
  const seconds = form.querySelector("[data-seconds]");
  const show = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left > 0) {
      seconds.textContent = left;
      return;
    }
    clearInterval(beat);
    if (form.contains(document.activeElement)) document.querySelector("[data-focus], #main")?.focus();
    form.remove();
  };
  const beat = setInterval(show, 250);
  show();
}

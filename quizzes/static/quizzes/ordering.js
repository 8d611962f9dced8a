/* Steps to be put in order: buttons move them, and the selects that work without this script hold the answer. */

export function enhance(box, onChange) {
  const list = box.querySelector("[data-list]");
  const selects = [...box.querySelectorAll("select")];
  const unset = box.querySelector("[data-unset]");
  const spoken = box.querySelector("[data-spoken]");
  box.querySelector("[data-places]").hidden = true;
  for (const buttons of list.querySelectorAll("[data-buttons]")) buttons.hidden = false;
  box.classList.add("ordering--live");

  /** Shows what the selects hold: a whole order, or none yet. */
  function show() {
    const ids = selects.map((select) => select.value).filter(Boolean);
    for (const id of ids) list.append(list.querySelector(`[data-id="${CSS.escape(id)}"]`));
    for (const item of [...list.children]) if (ids.length && !ids.includes(item.dataset.id)) list.append(item);
    number();
  }

  function number() {
    const items = [...list.children];
    items.forEach((item, place) => {
      item.querySelector("[data-mark]").textContent = place + 1;
      item.querySelector('[data-move="-1"]').disabled = place === 0;
      item.querySelector('[data-move="1"]').disabled = place === items.length - 1;
    });
    unset.hidden = selects.every((select) => select.value);
  }

  function keep() {
    [...list.children].forEach((item, place) => {
      selects[place].value = item.dataset.id;
    });
    number();
    onChange();
  }

  function move(button) {
    const item = button.closest("[data-id]");
    const step = Number(button.dataset.move);
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    keep();
    // At an end the button that was pressed is switched off: the other one takes the focus, so that no key is lost.
    (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button).focus({ preventScroll: true });
    spoken.textContent = `${item.querySelector(".option__text").textContent.trim()}: ${[...list.children].indexOf(item) + 1}`;
  }

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button);
    else if (event.target.closest("[data-keep]")) keep();
  });
  show();
  return show;
}

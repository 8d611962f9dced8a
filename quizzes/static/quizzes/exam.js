/*
 * What an exam's sheet has beside a quiz's: the clock, the palette, flags. The clock counts from what the server said
 * was left, by performance.now(), which no change of the computer's clock can move; the server decides in any case.
 */
const ASK_SERVER = 15000; // milliseconds
const WARNING = 300; // seconds

const form = document.querySelector("form[data-quiz]");
const clock = form.querySelector("[data-clock]");
const palette = form.querySelector("[data-palette]");
const questions = [...form.querySelectorAll("fieldset[data-item]")];

// --- The clock ------------------------------------------------------------------------------------------------

let left = Number(clock.dataset.left);
let from = performance.now();
let isPaused = "isPaused" in clock.dataset;
let isOver = false;

function secondsLeft() {
  return isPaused ? left : Math.max(0, left - (performance.now() - from) / 1000);
}

function show() {
  const seconds = Math.ceil(secondsLeft());
  const minutes = Math.floor(seconds / 60);
  clock.textContent = isPaused
    ? clock.dataset.textPaused
    : `${minutes}:${String(seconds % 60).padStart(2, "0")} ${clock.dataset.textLeft}`;
  clock.dataset.state = isPaused ? "paused" : seconds <= WARNING ? "warning" : "";
  clock.title = !isPaused && seconds <= WARNING ? clock.dataset.textWarning : "";
  if (seconds === 0 && !isPaused && !isOver) ask();
}

async function ask() {
  let answer;
  try {
    const response = await fetch(clock.dataset.clock, { redirect: "manual", headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // no connection: the clock goes on from what it knows
  }
  if (answer.state !== "open") {
    isOver = true;
    window.location.reload(); // submitted: by the clock, or in another window
    return;
  }
  const wasPaused = isPaused;
  left = answer.seconds_left;
  from = performance.now();
  isPaused = answer.paused;
  if (wasPaused !== isPaused) window.location.reload();
  show();
}

setInterval(show, 500);
setInterval(ask, ASK_SERVER);
show();

// --- The palette ----------------------------------------------------------------------------------------------

const links = new Map([...palette.querySelectorAll("a")].map((link) => [link.dataset.for, link]));

function hasAnswer(question) {
  const fields = [...question.querySelectorAll("input:not([type=hidden]):not([data-flag]), select, textarea")];
  return fields.some((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim() !== ""));
}

function mark(question) {
  links.get(question.dataset.number)?.toggleAttribute("data-done", hasAnswer(question));
}

for (const name of ["change", "input", "click"]) {
  form.addEventListener(name, (event) => {
    const question = event.target.closest("fieldset[data-item]");
    if (question) mark(question);
  });
}

// --- Flags: for this student's eyes only, so they stay in this browser -------------------------------------------

for (const question of questions) {
  const key = `exam-flag/${form.dataset.quiz}/${question.dataset.item}`;
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  box.dataset.flag = "";
  label.className = "flag";
  label.append(box, palette.dataset.textFlag);
  question.querySelector(".question__head").append(label);
  const apply = () => links.get(question.dataset.number)?.toggleAttribute("data-flagged", box.checked);
  try {
    box.checked = localStorage.getItem(key) === "1";
  } catch {
    // Private windows may have no storage: the flag lasts as long as the page.
  }
  box.addEventListener("change", (event) => {
    event.stopPropagation();
    try {
      box.checked ? localStorage.setItem(key, "1") : localStorage.removeItem(key);
    } catch {
      // As above.
    }
    apply();
  });
  apply();
  mark(question);
}

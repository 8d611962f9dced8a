/* The quiz page: saves each answer as it is given, counts them, keys, and asks before gaps are submitted. */
import { enhance } from "./ordering.js";
import { Outbox } from "./outbox.js";

const TYPING_PAUSE = 900; // milliseconds after which an answer that is being typed is saved
const TYPED = "input[type=text], textarea";

const form = document.querySelector("form[data-quiz]");
const questions = [...form.querySelectorAll("fieldset[data-item]")];
const byItem = new Map(questions.map((question) => [question.dataset.item, question]));
const status = form.querySelector("[data-status]");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Seoul" });
const text = form.dataset;

const outbox = new Outbox(`quiz/${text.quiz}/`, send, report);

function send(item, value, base) {
  const body = new URLSearchParams({ value, revision: base });
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
  return fetch(byItem.get(item).dataset.url, { method: "POST", body, headers, redirect: "manual", keepalive: true });
}

function report(item, state, detail) {
  const question = byItem.get(item);
  if (!question) return;
  if (detail.revision !== undefined) question.querySelector("[data-revision]").value = detail.revision;
  if (state === "conflict") setValue(question, detail.value);
  showNotice(question, state === "conflict" || state === "refused" ? detail.detail : "", state === "refused");
  showStatus(state, detail);
  countAnswers();
  if (state === "closed") window.location.reload(); // submitted in another window, or the time is over
}

function showStatus(state, detail) {
  const words = {
    saving: text.textSaving,
    saved: `${text.textSaved} ${detail.saved_at ? clock.format(new Date(detail.saved_at)) : ""}`,
    offline: text.textOffline,
    "signed-out": text.textSignedOut,
  };
  status.textContent = words[state] ?? "";
  status.dataset.state = state;
}

function showNotice(question, words, isWrong) {
  const notice = question.querySelector("[data-notice]");
  notice.textContent = words;
  notice.hidden = !words;
  for (const field of fieldsOf(question).filter((each) => !isTick(each))) {
    isWrong ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid");
  }
}

// An answer is one text; one of several parts has a line for each, as the server reads it.

function fieldsOf(question) {
  return [...question.querySelectorAll(`[name="answer-${question.dataset.item}"]:not([type=hidden])`)];
}

function isTick(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function getValue(question) {
  const given = fieldsOf(question).filter((field) => !isTick(field) || field.checked).map((field) => field.value);
  return given.some((value) => value.trim() !== "") ? given.join("\n") : "";
}

function setValue(question, value) {
  const fields = fieldsOf(question);
  const parts = fields.length === 1 ? [value] : value.split("\n");
  fields.forEach((field, place) => {
    if (isTick(field)) field.checked = parts.includes(field.value);
    else field.value = parts[place] ?? "";
  });
  orders.get(question)?.();
}

const orders = new Map();
for (const box of form.querySelectorAll("[data-ordering]")) {
  const question = box.closest("fieldset[data-item]");
  orders.set(question, enhance(box, () => save(question)));
}

const saved = new Map(questions.map((question) => [question, getValue(question)]));

function save(question) {
  const value = getValue(question);
  if (saved.get(question) === value) return;
  saved.set(question, value);
  outbox.put(question.dataset.item, value, Number(question.querySelector("[data-revision]").value));
  countAnswers();
}

function isAnswered(question) {
  const fields = fieldsOf(question);
  const isWhole = fields.every(isTick) ? fields.some((field) => field.checked) : fields.every((field) => field.value.trim());
  return isWhole && question.querySelector("[aria-invalid]") === null;
}

function countAnswers() {
  const count = questions.filter(isAnswered).length;
  form.querySelector("[data-answered]").textContent = count;
  form.querySelector("[data-progress]").value = count;
}

// --- Answering ------------------------------------------------------------------------------------------------

const typing = new Map();

form.addEventListener("change", (event) => {
  const question = event.target.closest("fieldset[data-item]");
  if (question) save(question);
});

form.addEventListener("input", (event) => {
  const question = event.target.closest("fieldset[data-item]");
  if (!question || !event.target.matches(TYPED)) return;
  clearTimeout(typing.get(question));
  typing.set(question, setTimeout(() => save(question), TYPING_PAUSE));
});

// --- Keys -----------------------------------------------------------------------------------------------------

let current = 0;
form.addEventListener("focusin", (event) => {
  const place = questions.indexOf(event.target.closest("fieldset[data-item]"));
  if (place >= 0) current = place;
});

function goTo(place) {
  if (place >= questions.length) {
    form.querySelector(".quiz-bar button[value=submit]").focus();
    return;
  }
  current = Math.max(place, 0);
  const question = questions[current];
  const ways = [...question.querySelectorAll("input, select, textarea, button")];
  const isThere = (element) => element.offsetParent !== null && !element.disabled; // a hidden one takes no focus
  (question.querySelector("input:checked") ?? ways.find(isThere))?.focus({ preventScroll: true });
  question.scrollIntoView({ block: "center" });
}

function choose(place) {
  const tick = fieldsOf(questions[current]).filter(isTick)[place];
  if (!tick) return false;
  tick.checked = tick.type === "radio" || !tick.checked;
  tick.focus({ preventScroll: true });
  save(questions[current]);
  return true;
}

function goOn(field) {
  save(questions[current]);
  const fields = fieldsOf(questions[current]).filter((each) => each.matches(TYPED));
  const next = fields[fields.indexOf(field) + 1];
  if (fields.includes(field) && next) next.focus();
  else goTo(current + 1);
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches(`${TYPED}, select`);
  if (document.querySelector("dialog[open]") || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".quiz-bar button[value=submit]"));
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" && event.target.closest("fieldset[data-item]") && !event.target.matches("textarea, select, button")) {
    event.preventDefault();
    goOn(event.target);
  } else if (!isTyping && event.target.closest("button, a, summary") === null) {
    // `code`, not `key`: with the Korean keyboard on, the N key types ㅜ.
    const letter = /^(?:Digit|Numpad)([1-6])$/.exec(event.code)?.[1] ?? /^Key([A-F])$/.exec(event.code)?.[1];
    if (letter && choose("123456".includes(letter) ? Number(letter) - 1 : "ABCDEF".indexOf(letter))) event.preventDefault();
    const step = { KeyN: 1, KeyP: -1 }[event.code];
    if (step) {
      event.preventDefault(); // or the letter would be typed into the number field that gets the focus
      goTo(current + step);
    }
  }
});

// --- Submitting -----------------------------------------------------------------------------------------------

const dialog = form.querySelector("[data-confirm]");
let isLeaving = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isLeaving) return;
  for (const question of questions) save(question);
  const isSent = await outbox.flush();
  const isConfirmed = event.submitter?.name === "confirm";
  if (!isSent) {
    status.textContent = status.dataset.state === "signed-out" ? text.textSignedOut : text.textWait;
  } else if (form.querySelector("[aria-invalid]")) {
    status.textContent = text.textRefused;
    goTo(questions.findIndex((question) => question.querySelector("[aria-invalid]")));
  } else if (questions.every(isAnswered) || isConfirmed) {
    leave(isConfirmed);
  } else {
    askAboutGaps();
  }
});

function askAboutGaps() {
  const gaps = questions.filter((question) => !isAnswered(question));
  form.querySelector("[data-open-list]").textContent = gaps.map((question) => question.dataset.number).join(", ");
  dialog.showModal();
}

form.querySelector("[data-back]").addEventListener("click", () => {
  dialog.close();
  goTo(questions.findIndex((question) => !isAnswered(question)));
});
form.querySelector("[data-go]").addEventListener("click", () => leave(true));

function leave(isConfirmed) {
  isLeaving = true;
  addHidden("action", "submit");
  if (isConfirmed) addHidden("confirm", "1");
  form.submit();
}

function addHidden(name, value) {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form.append(input);
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload(); // "back" after submitting must not show a sheet that is gone
});

// --- What an earlier visit could not send ---------------------------------------------------------------------

for (const [item, value] of outbox.restore()) {
  const question = byItem.get(item);
  if (!question) continue;
  setValue(question, value);
  saved.set(question, value);
}
countAnswers();
outbox.flush();

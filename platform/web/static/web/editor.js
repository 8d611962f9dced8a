// Turns <textarea data-code-editor="python"> into CodeMirror. Without scripts the textarea itself is the editor; with
// them it stays in the form and always holds the editor's text.
//
//   data-draft-key="..."            autosave to localStorage under this key; absent: none
//   [data-draft-status="ID"]        where "저장됨 12:03" is shown, ID being the textarea's
//   [data-draft-reset="ID"]         a button: back to the starting code; pressed again it undoes that
//   event "editor:change"           on the textarea, after each change

const script = document.querySelector("script[data-codemirror]");
const words = script.dataset;
const { EditorState, EditorView, HighlightStyle, basicSetup, indentUnit, indentWithTab, keymap, python, syntaxHighlighting, tags } =
  await import(words.codemirror);

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "light-dark(#8a2ea8, #d7a2f0)" },
  { tag: [tags.function(tags.variableName), tags.className, tags.definition(tags.variableName)], color: "light-dark(#2a4fb8, #9dbcff)" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#1d6b3c, #8fd8a8)" },
  { tag: tags.number, color: "light-dark(#9a4a00, #f0b67a)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
]);
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "18rem", maxHeight: "70vh", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-soft)", border: "none" },
  // What opens over or below the code; CodeMirror's own colours are those of a light page.
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  // The icons are emoji, which many fonts lack.
  ".cm-completionIcon": { display: "none" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", color: "var(--ink-soft)", borderColor: "var(--line)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 15%, transparent)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--warn)", color: "var(--surface)" },
  ".cm-searchMatch-selected *": { color: "inherit !important" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
});

// Private windows and full disks refuse localStorage: then there is no draft, and the editor works on.
const drafts = {
  read: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  write(key, text) { try { localStorage.setItem(key, text); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

// The course's zone, as everywhere on the site, whatever this computer is set to.
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words.timeZone,
});

// Chromium replaces a selection by an element that copies its look in a style attribute, which the content security
// policy reports. So the text typed over a selection is put in by CodeMirror; an input method goes its own way.
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const plain = event.inputType === "insertText" && event.data !== null && !event.isComposing && !view.composing;
    if (!plain || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type" });
    return true;
  },
});

function edit(textarea) {
  const starter = textarea.value;
  const key = textarea.dataset.draftKey ? `draft:${textarea.dataset.draftKey}` : null;
  const status = document.querySelector(`[data-draft-status="${textarea.id}"]`);
  const say = (text) => { if (status) status.textContent = text; };
  let timer;

  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!key) return;
    if (textarea.value === starter) drafts.remove(key);
    else if (!drafts.write(key, textarea.value)) return;
    say(`${words.saved} ${clock()}`);
  };
  const changed = (text) => {
    textarea.value = text;
    textarea.dispatchEvent(new CustomEvent("editor:change", { bubbles: true }));
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  };

  const draft = key ? drafts.read(key) : null;
  const box = document.createElement("div");
  box.className = "code-editor";
  textarea.after(box);
  const view = new EditorView({
    parent: box,
    state: EditorState.create({
      doc: draft ?? starter,
      extensions: [
        basicSetup, python(), indentUnit.of("    "), look, syntaxHighlighting(colours),
        // Tab indents; Escape and then Tab leaves the editor, as CodeMirror does it for the keyboard's sake.
        keymap.of([indentWithTab, { key: "Mod-Enter", run: () => { textarea.form?.requestSubmit(); return true; } }]),
        EditorView.cspNonce.of(words.styleNonce), EditorState.phrases.of(JSON.parse(words.phrases)), typeOverSelection,
        EditorView.contentAttributes.of({ "aria-label": textarea.labels?.[0]?.textContent.trim() || words.label }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
      ],
    }),
  });
  textarea.hidden = true;
  if (draft !== null && draft !== starter) {
    textarea.value = draft;
    say(words.restored);
  }
  const replace = (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  connectReset(textarea, starter, replace);
  // A page that is left within the pause must not lose the last words.
  addEventListener("pagehide", () => { if (timer) save(); });
  for (const label of textarea.labels ?? []) label.addEventListener("click", () => view.focus());
}

function connectReset(textarea, starter, replace) {
  const button = document.querySelector(`[data-draft-reset="${textarea.id}"]`);
  if (!button) return;
  button.hidden = false;
  let undone = null;
  button.textContent ||= words.reset;
  const first = button.textContent;
  button.addEventListener("click", () => {
    const before = textarea.value;
    replace(undone ?? starter);
    undone = undone === null ? before : null;
    button.textContent = undone === null ? first : words.undo;
  });
  textarea.addEventListener("editor:change", () => {
    // Once one has typed on after a reset, the button resets again; Ctrl+Z still leads back.
    if (undone !== null && textarea.value !== starter) {
      undone = null;
      button.textContent = first;
    }
  });
}

document.querySelectorAll("textarea[data-code-editor]").forEach(edit);

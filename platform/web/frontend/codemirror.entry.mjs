// Everything that static/web/editor.js needs, in one file.
export { basicSetup } from "codemirror";
export { python } from "@codemirror/lang-python";
export { EditorState } from "@codemirror/state";
export { EditorView, keymap } from "@codemirror/view";
export { indentWithTab } from "@codemirror/commands";
export { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
export { tags } from "@lezer/highlight";

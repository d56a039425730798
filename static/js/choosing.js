// Words to choose from, in a list or side by side: 1 to 9 choose the first to the ninth, Delete takes the choice back.

import { placeOf, tell, write } from "./rows.js";
import { form } from "./typed.js";

form?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const isList = field.matches("select");
  if (!isList && field.type !== "radio") return;
  const isTakenBack = event.key === "Delete" || event.key === "Backspace";
  if (!isTakenBack && !/^[1-9]$/.test(event.key)) return;
  const place = placeOf(field);
  if (!place) return;
  event.preventDefault();
  const choose = isList ? chooseInList : chooseBeside;
  choose(field, isTakenBack ? null : Number(event.key) - 1, place);
});

function chooseInList(list, index) {
  const option = index === null ? list.options[0] : Array.from(list.options).filter(({ value }) => value)[index];
  if (option) write(list, option.value);
}

function chooseBeside(_, index, { all, row, cell }) {
  const { fields } = all[row].cells[cell];
  if (index === null) {
    fields.forEach((radio) => {
      radio.checked = radio.value === "";
    });
    tell(fields[0]);
    return;
  }
  const radio = fields.filter(({ value }) => value)[index];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  tell(radio);
}

// Enhancements only: every page works without this file.
"use strict";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const box = document.getElementById("search-box");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape") {
    const open = document.querySelector("details.clock[open], details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  }
});

// A card closes when another one opens or when the reader clicks beside it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.clock[open], details[data-menu][open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// A card that would leave the window opens to the other side.
document.addEventListener("toggle", (event) => {
  const chip = event.target;
  if (!chip.matches || !chip.matches("details.clock") || !chip.open) return;
  const card = chip.querySelector(".clock-card");
  chip.classList.toggle("opens-left", chip.getBoundingClientRect().left + card.offsetWidth > document.documentElement.clientWidth - 8);
  card.scrollIntoView({ block: "nearest" });
}, true);

// Irreversible acts ask once.
document.addEventListener("submit", (event) => {
  const question = event.submitter && event.submitter.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

function groupInWords(group) {
  let words = "";
  [...String(group)].reverse().forEach((digit, place) => {
    if (digit !== "0") words = DIGITS[digit] + PLACES[place] + words;
    else if (words && !words.startsWith("零")) words = "零" + words;
  });
  return words;
}

function yuanUpper(text) {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s]/g, ""));
  if (!match) return "";
  let whole = Number(match[1]), words = "";
  const [jiao, fen] = (match[2] || "").padEnd(2, "0");
  for (let place = 0; whole; place += 1) {
    const group = whole % 10000;
    whole = Math.floor(whole / 10000);
    if (group) words = (whole && group < 1000 ? "零" : "") + groupInWords(group) + GROUPS[place] + words;
    else if (words && !words.startsWith("零")) words = "零" + words;
  }
  words = words && words + "元";
  if (jiao !== "0") words += DIGITS[jiao] + "角";
  else if (fen !== "0" && words) words += "零";
  return fen !== "0" ? words + DIGITS[fen] + "分" : (words || "零元") + "整";
}

for (const box of document.querySelectorAll("[data-yuan-upper]")) {
  const hint = document.createElement("p");
  hint.className = "yuan-upper";
  hint.setAttribute("aria-live", "polite");
  box.after(hint);
  const show = () => { hint.textContent = yuanUpper(box.value); };
  box.addEventListener("input", show);
  show();
}

// One box marks all rows of a list.
for (const all of document.querySelectorAll("[data-mark-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.closest("form").querySelectorAll("[data-mark]")) box.checked = all.checked;
  });
}

// After a refused form the summary is read first.
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

// Choosing a row on which other choices hang brings the form back with them.
for (const button of document.querySelectorAll("[data-refresh]")) {
  const box = document.getElementById(button.dataset.refresh);
  if (box) box.addEventListener("change", () => button.form.requestSubmit(button));
}

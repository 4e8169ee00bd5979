// What makes pages nicer. All of them work without it.
"use strict";

// A password can be looked at while it is typed.
for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = input.dataset.show;
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.after(button);
  // Password managers look for a field of this type.
  input.form.addEventListener("submit", () => {
    input.type = "password";
  });
}

// How hard a new password is to guess, by its length: what counts most (NIST SP 800-63B-4, appendix A).
// The server has the last word.
for (const line of document.querySelectorAll(".strength")) {
  const input = document.getElementById(line.dataset.for);
  const meter = document.createElement("meter");
  const word = document.createElement("span");
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4 });
  meter.setAttribute("aria-label", line.dataset.label);
  word.setAttribute("role", "status");
  line.append(meter, word);
  const { weak, fair, good, strong } = line.dataset;
  const words = ["", weak, fair, good, strong];
  const judge = () => {
    const different = new Set(input.value).size;
    const length = Math.min([...input.value].length, different * 2);
    const grade = length === 0 ? 0 : length < input.minLength ? 1 : length < 12 ? 2 : length < 16 ? 3 : 4;
    meter.value = grade;
    word.textContent = words[grade];
    line.hidden = grade === 0;
  };
  input.addEventListener("input", judge);
  judge();
}

// A form is sent once.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The person may have stopped the page from loading, which no event tells.
    setTimeout(() => release(form), 5000);
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-busy", "true");
    }
  });
}
// The page may be shown again as it was left, by going back.
addEventListener("pageshow", () => {
  for (const form of document.forms) release(form);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Times as the person writes them.
for (const time of document.querySelectorAll("time[datetime]")) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(time.dateTime));
}

// Time zones to choose from, where the browser knows them.
const timezone = document.getElementById("timezone");
if (timezone && Intl.supportedValuesOf) {
  const list = document.createElement("datalist");
  list.id = "timezones";
  for (const name of Intl.supportedValuesOf("timeZone")) list.append(new Option(name, name));
  timezone.after(list);
  timezone.setAttribute("list", list.id);
}

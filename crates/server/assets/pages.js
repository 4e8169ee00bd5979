// Enhancements of the pages, which also work without this script.
"use strict";

// Buttons that show and hide passwords.
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
  // Password managers need a field of the type `password`.
  input.form.addEventListener("submit", () => {
    input.type = "password";
  });
}

// Checks new passwords on the server while they are typed. Shows nothing if the server doesn't respond.
for (const area of document.querySelectorAll(".strength")) {
  const input = document.getElementById(area.dataset.for);
  const meter = document.createElement("meter");
  const verdict = document.createElement("p");
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4 });
  meter.setAttribute("aria-label", area.dataset.label);
  verdict.className = "verdict";
  verdict.setAttribute("role", "status");
  area.prepend(meter);
  area.append(verdict);
  const show = ({ grade, text }) => {
    area.classList.remove("asking");
    area.classList.toggle("judged", grade > 0);
    meter.value = grade;
    verdict.textContent = text;
  };
  const nothing = { grade: 0, text: "" };
  const words = ["email", "username", "full_name", "token"].map((name) => input.form.elements[name]).filter(Boolean);
  let timer;
  let earlier;
  const ask = async () => {
    const { signal } = (earlier = new AbortController());
    const body = new URLSearchParams({ password: input.value });
    for (const { name, value } of words) body.set(name, value);
    try {
      const answer = await fetch(area.dataset.check, { method: "POST", body, signal });
      show(answer.ok ? await answer.json() : nothing);
    } catch {
      // A newer check may already have been shown.
      if (!signal.aborted) show(nothing);
    }
  };
  const judge = () => {
    clearTimeout(timer);
    earlier?.abort();
    if (input.value === "") {
      show(nothing);
    } else {
      area.classList.add("asking");
      timer = setTimeout(ask, 300);
    }
  };
  for (const field of [input, ...words]) field.addEventListener("input", judge);
  judge();
}

// Disables forms that are rate limited until the wait is over.
for (const told of document.querySelectorAll("[data-wait]")) {
  const place = told.closest("form, section") ?? document.getElementById("main");
  const buttons = [...place.querySelectorAll("button:not([type=button])")];
  const labels = buttons.map((button) => button.textContent);
  const end = Date.now() + told.dataset.wait * 1000;
  const count = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    buttons.forEach((button, at) => {
      button.disabled = left > 0;
      button.textContent = left > 0 ? `${labels[at]} (${left})` : labels[at];
    });
    if (left > 0) setTimeout(count, 250);
    else told.textContent = told.dataset.over;
  };
  count();
}

// Prevents that a form is sent twice.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The user may have stopped the page from loading, which triggers no event.
    setTimeout(() => release(form), 5000);
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-busy", "true");
    }
  });
}
// The browser may restore the page in its last state when the user goes back.
addEventListener("pageshow", () => {
  for (const form of document.forms) release(form);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Removes notices, so they are shown only once even if the browser caches the page for going back.
addEventListener("pagehide", () => {
  for (const notice of document.querySelectorAll(".notice")) notice.remove();
});

// Formats times in the browser's locale, which may differ from the language of the page.
const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  time.textContent = times.format(new Date(time.dateTime));
  time.lang = times.resolvedOptions().locale;
}

// Suggests time zones if the browser can list them.
const timezone = document.getElementById("timezone");
if (timezone && Intl.supportedValuesOf) {
  const list = document.createElement("datalist");
  list.id = "timezones";
  for (const name of Intl.supportedValuesOf("timeZone")) list.append(new Option(name, name));
  timezone.after(list);
  timezone.setAttribute("list", list.id);
}

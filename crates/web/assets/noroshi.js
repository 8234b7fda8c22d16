// Small helps for pages that work without them. Each begins at an element that asks for it and
// does nothing where there is none. Words come from the page, so that they are in its language.

const MINUTE = 60_000;
const AUTOSAVE_DELAY = 1_500;
const SESSION_WARNING = 5 * MINUTE;

/** Fills `{d}`, `{h}`, `{m}` and `{n}` into a pattern from the page. */
const fill = (pattern, values) => pattern.replace(/\{(\w)\}/g, (_, name) => values[name] ?? '');

// ---- errors: the focus goes to the summary, and from a link to its field ----

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-error-summary] a');
  if (!link) return;
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  const control = field.matches('fieldset') ? field.querySelector('input, select, textarea') : field;
  (field.closest('.field') ?? field).scrollIntoView({ block: 'start' });
  (control ?? field).focus({ preventScroll: true });
});

// ---- deadlines: the time left and the time elapsed tick ----

// The server says what time it has beside each limit (`data-now`): a wrong clock in the browser
// must not move a limit, and an exercise has a date of its own.
const offsets = new WeakMap();

function now(element) {
  if (!offsets.has(element)) {
    const told = Date.parse(element.dataset.now);
    offsets.set(element, Number.isNaN(told) ? 0 : told - Date.now());
  }
  return Date.now() + offsets.get(element);
}

/** Whole days from 48 hours, hours and minutes below: the rule of the server. */
function spanText(milliseconds, element) {
  const minutes = Math.floor(milliseconds / MINUTE);
  return minutes < 2 * 24 * 60
    ? fill(element.dataset.hours, { h: Math.floor(minutes / 60), m: minutes % 60 })
    : fill(element.dataset.days, { d: Math.floor(minutes / (24 * 60)) });
}

const wasRunning = new WeakSet();

function tick() {
  for (const element of document.querySelectorAll('[data-countdown]')) {
    const left = Date.parse(element.dataset.countdown) - now(element);
    if (left >= 0) element.textContent = spanText(left, element);
    // Passed while the page was open; what the server wrote about an older limit stays.
    else if (wasRunning.has(element)) element.textContent = element.dataset.over;
    if (left >= 0) wasRunning.add(element);
  }
  for (const element of document.querySelectorAll('[data-elapsed]')) {
    const gone = now(element) - Date.parse(element.dataset.elapsed);
    if (gone >= 0) element.textContent = spanText(gone, element);
  }
}

// ---- copy ----

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector('[data-copy-label]') ?? button;
  label.setAttribute('role', 'status');
  label.textContent = button.dataset.copied;
});

// ---- characters left ----

const letters = new Intl.Segmenter();

function count(element) {
  const field = document.getElementById(element.dataset.countFor);
  if (!field) return;
  const show = () => {
    const left = Number(element.dataset.max) - [...letters.segment(field.value)].length;
    element.textContent = fill(left < 0 ? element.dataset.over : element.dataset.left, { n: Math.abs(left) });
    element.classList.toggle('field__count--over', left < 0);
  };
  field.addEventListener('input', show);
  show();
}

// ---- files: what was chosen, before it is sent ----

function listFiles(list) {
  const input = document.getElementById(list.dataset.filesOf);
  input?.addEventListener('change', () => {
    const items = [...input.files].map((file) => {
      const item = document.createElement('li');
      const size = file.size < 1e6 ? `${Math.ceil(file.size / 1e3)} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
      item.textContent = `${file.name} (${size})`;
      return item;
    });
    list.replaceChildren(...items);
    list.hidden = items.length === 0;
  });
}

// ---- autosave ----
//
// <form data-autosave="/drafts/…">: posts the fields (no files, no passwords) to the address. The answer is
// JSON { "message": "21:05 自動保存済み", "version": "7" }; 409 means that someone else saved.

function autosave(form) {
  const status = form.querySelector('[data-autosave-status]');
  let timer;
  let running = false;
  let again = false;

  const say = (text, failed) => {
    if (!status) return;
    status.textContent = text;
    status.classList.toggle('autosave--failed', failed);
  };

  const kept = ([name, value]) => typeof value === 'string' && form.elements.namedItem(name)?.type !== 'password';
  const fields = () => new URLSearchParams([...new FormData(form)].filter(kept));

  const send = async () => {
    if (running) { again = true; return; }
    running = true;
    say(status?.dataset.saving ?? '', false);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST', body: fields(), headers: { Accept: 'application/json' }, redirect: 'error',
      });
      if (answer.status === 409) {
        say(status?.dataset.conflict ?? '', true);
        clearTimeout(timer);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const saved = await answer.json();
      const version = form.elements.namedItem('version');
      if (version && saved.version !== undefined) version.value = saved.version;
      say(saved.message ?? '', false);
      form.dataset.dirty = '';
    } catch {
      say(status?.dataset.failed ?? '', true);
    } finally {
      running = false;
      if (again) { again = false; plan(); }
    }
  };

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(send, AUTOSAVE_DELAY);
  };

  form.addEventListener('input', () => { form.dataset.dirty = 'yes'; plan(); });
  form.addEventListener('submit', () => clearTimeout(timer));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && form.dataset.dirty) {
      clearTimeout(timer);
      navigator.sendBeacon(form.dataset.autosave, fields());
    }
  });
}

// ---- double submit: the second press of a button does nothing ----

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
  setTimeout(() => { delete form.dataset.sent; }, 5_000);
});

// A page from the back-forward cache can be sent again.
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// ---- session: a warning before the end, and one press to go on ----

function watchSession(dialog) {
  const form = dialog.querySelector('form');
  const text = dialog.querySelector('[data-session-text]');
  const reminder = text.textContent;
  let expires = Date.parse(dialog.dataset.sessionExpires);

  const look = () => {
    const left = expires - now(dialog);
    if (left <= 0) { text.textContent = dialog.dataset.ended; form.hidden = true; }
    if (left <= SESSION_WARNING && !dialog.open) dialog.showModal();
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    delete form.dataset.sent;
    try {
      const answer = await fetch(form.action, {
        method: 'POST', body: new URLSearchParams(new FormData(form)),
        headers: { Accept: 'application/json' }, redirect: 'error',
      });
      if (!answer.ok) throw new Error(String(answer.status));
      expires = Date.parse((await answer.json()).expires_at);
      text.textContent = reminder;
      dialog.close();
    } catch {
      text.textContent = dialog.dataset.failed;
    }
  });

  setInterval(look, 15_000);
  look();
}

// ---- menus close when the focus or a click goes elsewhere, and on Escape ----

function closeMenus(keep) {
  for (const menu of document.querySelectorAll('[data-menu][open]')) {
    if (!keep || !menu.contains(keep)) menu.open = false;
  }
}

document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('focusin', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('[data-menu][open]');
  if (open) { open.open = false; open.querySelector('summary')?.focus(); }
});

// ---- requests of htmx that fail: the page stays, and says so ----

function sayFailed() {
  const line = document.querySelector('[data-request-failed]');
  if (line) line.textContent = line.dataset.requestFailed;
}

document.addEventListener('htmx:error', sayFailed);
document.addEventListener('htmx:response:error', (event) => {
  if (event.detail?.ctx?.response?.status >= 500) sayFailed();
});

// ---- begin, also in parts that htmx puts into the page ----

const begun = new WeakSet();

function each(selector, start) {
  for (const element of document.querySelectorAll(selector)) {
    if (begun.has(element)) continue;
    begun.add(element);
    start(element);
  }
}

function begin() {
  each('[data-copy]', (button) => { button.hidden = !navigator.clipboard; });
  each('[data-count-for]', count);
  each('[data-files-of]', listFiles);
  each('form[data-autosave]', autosave);
  each('[data-session-expires]', watchSession);
  each('[data-error-summary]', (summary) => summary.focus());
  tick();
}

begin();
setInterval(tick, 20_000);
document.addEventListener('htmx:after:swap', begin);

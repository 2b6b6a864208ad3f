'use strict';

// What every page can do: copy, open what a link leads to, and go to the search with a key.

document.documentElement.classList.add('js');

/** Opens everything that the element is folded into, and shows it. */
function reveal(element) {
  for (let at = element; at; at = at.parentElement) {
    at.hidden = false;
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  element.scrollIntoView({ block: 'start' });
  const target = element.matches('details') ? element.querySelector('summary') : element;
  if (!target.matches('summary, a, button, input, [tabindex]')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Shows what the address names, if it names an element of the page. */
function revealNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const element = id && !id.includes('=') && document.getElementById(id);
  if (element) reveal(element);
}

/** Puts the text on the clipboard; whether that worked. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without the permission, or on a page that no server gives: the old way.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'hidden';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button.copy');
  if (!button) return;
  const copied = await copyText(button.parentElement.querySelector('code').textContent);
  button.textContent = copied ? 'Copied' : 'Failed';
  announce(copied ? 'Copied.' : 'It could not be copied.');
  button.focus();
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

/** Tells something to those who do not see it. */
function announce(text) {
  let live = document.getElementById('announced');
  if (!live) {
    live = document.createElement('p');
    live.id = 'announced';
    live.className = 'hidden';
    live.setAttribute('role', 'status');
    document.body.append(live);
  }
  live.textContent = text;
}

document.addEventListener('keydown', (event) => {
  const search = document.getElementById('q');
  if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches('input[type=search], textarea, select');
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

/** What the form says, in the form of an address's fragment. */
function stateOf(form) {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) state.append(name, value);
  }
  return state;
}

/** Makes the form say what the fragment does. */
function setState(form, state) {
  form.reset();
  for (const control of form.elements) {
    if (!control.name) continue;
    const values = state.getAll(control.name);
    if (control.type === 'checkbox') control.checked = values.includes(control.value);
    else control.value = values[0] ?? '';
  }
}

/** The fragment where it is a state, and not the name of an element. */
function stateOfAddress() {
  const hash = location.hash.slice(1);
  return new URLSearchParams(hash.includes('=') ? hash : '');
}

/**
 * Keeps the form and the address alike, and calls `apply` with the state whenever it changes. Escape and the reset button
 * clear it.
 */
function filterBy(form, apply) {
  const update = () => {
    const state = stateOf(form);
    const hash = state.toString();
    // An address that names an element stays until something is searched.
    if (hash || location.hash.includes('=')) history.replaceState(null, '', `#${hash}`);
    apply(state);
  };
  const read = () => {
    if (location.hash.length > 1 && !location.hash.includes('=')) {
      revealNamed();
    } else {
      setState(form, stateOfAddress());
      apply(stateOf(form));
    }
  };
  const clear = () => {
    form.reset();
    update();
  };
  form.addEventListener('input', update);
  form.addEventListener('change', update);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(update));
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      clear();
    }
  });
  window.addEventListener('hashchange', read);
  apply(stateOf(form));
  read();
  // Once it has loaded a browser takes the focus away from what the address names.
  window.addEventListener('load', () => setTimeout(revealNamed));
  // Who was sent a search wants to see what it finds.
  if (stateOfAddress().size > 0) form.parentElement.scrollIntoView();
}

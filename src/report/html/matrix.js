// The page of the matrix: search and filters over its rows.

(() => {
  const form = document.querySelector('form.controls');
  const matches = document.getElementById('matches');
  // Cases or scenarios.
  const many = matches.textContent.split(' ').pop();
  const clear = document.getElementById('clear');
  const section = document.getElementById('grid');
  const themes = section.querySelectorAll('details.theme');
  const words = (parent, selector) => new Set(Array.from(parent.querySelectorAll(selector), (element) => element.textContent));
  const number = (n) => n.toLocaleString('en-US');

  const rows = Array.from(section.querySelectorAll('tbody tr'), (row) => ({
    row,
    theme: row.closest('details.theme').id.replace('theme-', ''),
    verdicts: words(row, 'td > .v, td summary > .v'),
    // Behind the sign.
    standings: new Set(Array.from(row.querySelectorAll('.standing'), (standing) => standing.lastChild.textContent.trim())),
    text: null,
  }));

  function textOf(one) {
    one.text ??= one.row.textContent.toLowerCase();
    return one.text;
  }

  function isWanted(one, state, terms) {
    const verdicts = state.getAll('verdict');
    return (!verdicts.length || verdicts.some((verdict) => one.verdicts.has(verdict)))
      && (!state.has('theme') || one.theme === state.get('theme'))
      && (!state.has('live') || one.standings.has(state.get('live')))
      && (!state.has('differ') || 'differs' in one.row.dataset)
      && terms.every((term) => textOf(one).includes(term));
  }

  function apply(state) {
    const isFiltered = state.size > 0;
    const terms = (state.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const one of rows) {
      one.row.hidden = !isWanted(one, state, terms);
      found += one.row.hidden ? 0 : 1;
    }
    for (const theme of themes) {
      const left = theme.querySelectorAll('tbody tr:not([hidden])').length;
      theme.hidden = left === 0;
      theme.querySelector('summary .count').textContent = number(left);
      if (isFiltered && left > 0 && !theme.open) {
        theme.open = true;
        theme.dataset.opened = '';
      } else if ('opened' in theme.dataset && (!isFiltered || left === 0)) {
        theme.open = false;
        delete theme.dataset.opened;
      }
    }
    const told = isFiltered ? `${number(found)} of ${number(rows.length)}` : number(rows.length);
    section.querySelector('h2 .count').textContent = told;
    document.querySelector('.contents a[href="#grid"] .count').textContent = told;
    matches.textContent = `${told} ${many}`;
    clear.hidden = !isFiltered;
    form.classList.toggle('empty', found === 0);
  }

  filterBy(form, apply);
})();

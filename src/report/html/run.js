// The page of a run: search and filters over its cases.

(() => {
  const form = document.querySelector('form.controls');
  const matches = document.getElementById('matches');
  // Cases or scenarios.
  const many = matches.textContent.split(' ').pop();
  const clear = document.getElementById('clear');
  const slowest = document.querySelector('details.slowest');
  const words = (parent, selector) => Array.from(parent.querySelectorAll(selector), (element) => element.textContent);

  /** Every case: its row, what it is told in elsewhere, and what it is found by. */
  const cases = Array.from(document.querySelectorAll('#cases tbody tr'), (row) => {
    const link = row.querySelector('a.id');
    return {
      row,
      folded: row.id ? null : document.getElementById(link.hash.slice(1)),
      verdict: words(row, '.v')[0],
      theme: row.closest('details.theme').id.replace('theme-', ''),
      level: words(row, '.level'),
      evidence: words(row, '.evidence'),
      rules: Array.from(row.querySelectorAll('a.rule'), (rule) => rule.hash.slice(1)),
      text: null,
    };
  });
  const rules = document.querySelectorAll('#rules tbody tr');
  const folders = document.querySelectorAll('details.theme, details.more, details.story');

  /** What is left of a section where something is searched. */
  const TOLD = 'details.case:not([hidden]), tbody tr:not([hidden]), .elsewhere li:not([hidden])';
  const sections = Array.from(document.querySelectorAll('.contents li'), (entry) => {
    const section = document.getElementById(entry.querySelector('a').hash.slice(1));
    const counts = [section.querySelector('h2 .count'), entry.querySelector('.count')];
    return { section, entry, counts, total: section.querySelectorAll(TOLD).length };
  });
  const number = (n) => n.toLocaleString('en-US');

  /** All that is told of the case, in lower case; made when it is first needed. */
  function textOf(one) {
    one.text ??= `${one.row.textContent} ${one.folded?.textContent ?? ''}`.toLowerCase();
    return one.text;
  }

  function isWanted(one, state, terms) {
    const verdicts = state.getAll('verdict');
    return (!verdicts.length || verdicts.includes(one.verdict))
      && (!state.has('theme') || one.theme === state.get('theme'))
      && (!state.has('level') || one.level.includes(state.get('level')))
      && (!state.has('evidence') || one.evidence.includes(state.get('evidence')))
      && terms.every((term) => textOf(one).includes(term));
  }

  /** Hides a container in which everything is hidden. */
  function hideEmpty(container, selector) {
    container.hidden = !container.querySelector(selector);
    return !container.hidden;
  }

  function apply(state) {
    const isFiltered = state.size > 0;
    const terms = (state.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const proved = new Set();
    let found = 0;
    for (const one of cases) {
      const wanted = isWanted(one, state, terms);
      one.row.hidden = !wanted;
      if (one.folded) one.folded.hidden = !wanted;
      if (wanted) {
        found += 1;
        one.rules.forEach((rule) => proved.add(rule));
      }
    }
    for (const rule of rules) rule.hidden = isFiltered && !proved.has(rule.id);
    for (const line of document.querySelectorAll('.elsewhere li')) {
      line.hidden = document.getElementById(line.querySelector('a').hash.slice(1))?.hidden ?? false;
    }
    for (const container of document.querySelectorAll('details.more, .story')) {
      hideEmpty(container, 'details.case:not([hidden]), .elsewhere li:not([hidden])');
    }
    for (const theme of document.querySelectorAll('details.theme')) hideEmpty(theme, 'tbody tr:not([hidden])');
    for (const { section, entry, counts, total } of sections) {
      const left = section.querySelectorAll(TOLD).length;
      section.hidden = entry.hidden = left === 0;
      for (const count of counts) count.textContent = isFiltered ? `${number(left)} of ${number(total)}` : number(total);
    }
    slowest.hidden = isFiltered;
    unfold(isFiltered);
    matches.textContent = isFiltered
      ? `${number(found)} of ${number(cases.length)} ${many}`
      : `${number(cases.length)} ${many}`;
    clear.hidden = !isFiltered;
    form.classList.toggle('empty', found === 0);
  }

  /** Opens what matches lie in; folds what was opened for that when nothing is searched any more. */
  function unfold(isFiltered) {
    for (const folder of folders) {
      if (isFiltered && !folder.open && !folder.hidden) {
        folder.open = true;
        folder.dataset.opened = '';
      } else if (!isFiltered && 'opened' in folder.dataset) {
        folder.open = false;
        delete folder.dataset.opened;
      }
    }
  }

  // A number in the table of themes leads to its cases.
  for (const cell of document.querySelectorAll('table.themes td[data-verdict]')) {
    const { theme, verdict } = cell.dataset;
    const link = document.createElement('a');
    link.href = `#verdict=${verdict}&theme=${theme}`;
    link.setAttribute('aria-label', `${cell.textContent} ${verdict} of ${theme}`);
    link.append(...cell.childNodes);
    link.addEventListener('click', () => document.getElementById('main').scrollIntoView());
    cell.append(link);
  }

  // On paper nothing can be unfolded: failures and warnings are printed with their first case.
  const unfolded = [];
  window.addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('#fail .cases > details:first-child, #warn .cases > details:first-child')) {
      if (!folded.open) {
        folded.open = true;
        unfolded.push(folded);
      }
    }
  });
  window.addEventListener('afterprint', () => unfolded.splice(0).forEach((folded) => { folded.open = false; }));

  filterBy(form, apply);
})();

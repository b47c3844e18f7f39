// Sends what the page holds to /graphql and shows the answer. The token stays in the
// page's field: it is not stored anywhere.
'use strict';

const field = (id) => document.getElementById(id);

async function run() {
  const status = field('status');
  const answer = field('answer');
  let variables;
  try {
    variables = JSON.parse(field('variables').value || '{}');
  } catch (error) {
    status.textContent = 'The variables are not JSON: ' + error.message;
    return;
  }
  const headers = {
    accept: 'application/graphql-response+json',
    'content-type': 'application/json',
  };
  const token = field('token').value.trim();
  if (token) headers.authorization = 'Bearer ' + token;
  const body = JSON.stringify({
    query: field('query').value,
    variables,
    extensions: { cost: true },
  });
  status.textContent = 'Running …';
  const started = performance.now();
  try {
    const response = await fetch('/graphql', { method: 'POST', headers, body });
    const text = await response.text();
    const duration = Math.round(performance.now() - started);
    status.textContent = response.status + ' in ' + duration + ' ms';
    answer.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    status.textContent = 'No answer: ' + error.message;
  }
}

field('request').addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});

// In a text area the tabulator indents; after Escape it moves on, so nobody is trapped.
for (const area of document.querySelectorAll('textarea')) {
  let leaves = false;
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' && !event.shiftKey && !leaves) {
      event.preventDefault();
      area.setRangeText('  ', area.selectionStart, area.selectionEnd, 'end');
    }
    leaves = event.key === 'Escape';
  });
}

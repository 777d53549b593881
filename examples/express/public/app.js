// Signs in, then shows the moderator console to those who get a grant.

import 'realtimekit-moderator/element';

const output = document.querySelector('output');

async function getGrant() {
  const response = await fetch('/moderator-grant');
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

async function open({ target }) {
  await fetch(`/sign-in/${target.name}`, { method: 'POST' });
  const { gateway } = await (await fetch('/settings.json')).json();
  const moderator = document.createElement('rtk-moderator');
  moderator.addEventListener('rtk-moderator-error', ({ detail }) => {
    output.value = detail.error.message;
  });
  moderator.addEventListener('rtk-moderator-action', ({ detail }) => {
    output.value = `${detail.operation}: ${detail.outcome}`;
  });
  Object.assign(moderator, { gateway, getGrant });
  document.querySelector('rtk-moderator')?.remove();
  document.body.append(moderator);
}

for (const button of document.querySelectorAll('button')) button.addEventListener('click', open);

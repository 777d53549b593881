// The page's script: the element, and what it asks for its grants.

import 'realtimekit-moderator/element';

const moderator = document.querySelector('rtk-moderator');
const output = document.querySelector('output');
if (!moderator || !output) throw new Error('the page has no <rtk-moderator>');

moderator.addEventListener('rtk-moderator-error', ({ detail }) => {
  output.value = detail.error.message;
});
moderator.addEventListener('rtk-moderator-action', ({ detail }) => {
  output.value = `${detail.operation}: ${detail.outcome}`;
});
moderator.getGrant = async () => {
  const response = await fetch('/moderator-grant');
  if (!response.ok) throw new Error(await response.text());
  return response.text();
};

// What the moderator page is compared with: the same reads by `fetch`, and a list of names.

const { base_url, token, account_id, app_id, meeting_id } = Object.fromEntries(
  new URLSearchParams(location.hash.slice(1)),
);
const kit = `${base_url}/accounts/${account_id}/realtime/kit/${app_id}`;
const read = async (path) => {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(`${kit}/${path}`, { headers })).json();
};
const { data: session } = await read(`meetings/${meeting_id}/active-session`);
const participants = [];
for (let page = 0; ; page += 1) {
  const query = `per_page=200${page ? `&page_no=${page}` : ''}&sort_by=joinedAt&sort_order=ASC`;
  const { data } = await read(`sessions/${session.id}/participants?${query}`);
  participants.push(...data.participants);
  if (data.participants.length < 200) break;
}
const list = document.createElement('ul');
list.className = 'rows';
for (const { display_name } of participants) {
  const row = document.createElement('li');
  row.className = 'row';
  row.textContent = display_name;
  list.append(row);
}
document.body.append(list);

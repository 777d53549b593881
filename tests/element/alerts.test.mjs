// The element's logic without a view: alerts, protected participants, the same names, searching and rows under a
// pointer. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf } from '../../www/element/controllers/shortcuts-controller.js';
import { Alerts } from '../../www/element/model/alerts.js';
import { formats } from '../../www/element/model/format.js';
import { readGrant } from '../../www/element/model/grant.js';
import { arrange, held } from '../../www/element/model/arrange.js';
import { isHostRole, sharedNames, toParticipant } from '../../www/element/model/participants.js';

const T = Date.parse('2026-11-24T10:00:00Z');
const at = (seconds) => new Date(T + seconds * 1000).toISOString();
const joined = (key, more = {}, ...visits) =>
  toParticipant({
    ...{ key, user_id: key, display_name: key, preset_name: 'guest', present: true },
    peers: (visits.length ? visits : [[0]]).map(([from, to]) => ({
      joined_at: at(from),
      ...(to === undefined ? {} : { left_at: at(to) }),
    })),
    ...more,
  });

test('a copied host name is reported once, whatever its case, accents and signs', () => {
  const alerts = new Alerts();
  const host = joined('h', { display_name: 'Zoë Dubois', preset_name: 'webinar_presenter' });
  const copy = joined('c', { display_name: 'zoe.DUBOIS ' });
  const kinds = (...all) => alerts.refresh(all, [], T).map(({ kind }) => kind);
  assert.deepEqual(kinds(host), []);
  assert.deepEqual(kinds(host, copy), ['copy']);
  assert.deepEqual(kinds(host, copy), []);
  // The host may have left. Another host of the same name is no copy.
  const gone = joined('h', { display_name: 'Zoë Dubois', preset_name: 'host', present: false });
  assert.deepEqual(kinds(gone, joined('d', { display_name: 'Zoe Dubois' })), ['copy']);
  assert.deepEqual(
    kinds(host, joined('e', { display_name: 'Zoë Dubois', preset_name: 'host' })),
    [],
  );
  assert.deepEqual([isHostRole('group_call_host'), isHostRole('guest')], [true, false]);
});

test('a removed participant who is back is reported at each return', () => {
  const alerts = new Alerts();
  const kick = {
    ...{ at: T + 50_000, kind: 'action', operation: 'kick', outcome: 'done', targetIds: ['a'] },
  };
  const kinds = (one, entry = kick) => alerts.refresh([one], [entry], T).map(({ kind }) => kind);
  assert.deepEqual(kinds(joined('a', {}, [0])), [], 'not removed yet');
  assert.deepEqual(kinds(joined('a', {}, [0, 50], [60])), ['back']);
  assert.deepEqual(kinds(joined('a', {}, [0, 50], [60])), []);
  assert.deepEqual(kinds(joined('a', {}, [0, 50], [60, 70], [80])), ['back']);
  assert.deepEqual(kinds(joined('b', {}, [60])), []);
  assert.deepEqual(kinds(joined('a', {}, [0, 50], [61]), { ...kick, outcome: 'refused' }), []);
});

test('a surge of joins is reported, but not that a meeting fills up', () => {
  const base = joined('first', {}, [0]);
  const crowd = (count, from) =>
    Array.from({ length: count }, (_, place) => joined(`u${from}-${place}`, {}, [from]));
  const now = T + 3_600_000;
  const surge = (people, seenBefore = true, time = now) => {
    const alerts = new Alerts();
    if (seenBefore) alerts.refresh([base], [], time - 1000);
    return alerts.refresh(people, [], time).map(({ kind, count }) => [kind, count]);
  };
  assert.deepEqual(surge([base, ...crowd(30, 3590)]), [['surge', 30]]);
  assert.deepEqual(surge([base, ...crowd(19, 3590)]), []);
  assert.deepEqual(surge([base, ...crowd(30, 3590), ...crowd(20, 3500)]), [], 'as before');
  assert.deepEqual(surge([base, ...crowd(30, 3590)], false), [], 'the page was just opened');
  assert.deepEqual(surge([base, ...crowd(30, 50)], true, T + 60_000), [], 'it has just begun');
});

test('a grant protects presets, IDs and the moderator', () => {
  const token = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const claims = { sub: 'ann', protect: { presets: ['host'], ids: ['vip', 'c-1'] } };
  const { protects } = readGrant(token(claims));
  const who = (userId, custom, role) => protects({ userId, custom, role });
  assert.deepEqual(
    [who('x', '', 'host'), who('vip', '', 'guest'), who('x', 'c-1', 'guest'), who('x', 'ann', '')],
    [true, true, true, true],
  );
  assert.equal(who('x', 'y', 'guest'), false);
  assert.equal(who(null, '', ''), false);
  const none = readGrant(token({ sub: 'ann' }));
  assert.equal(none.protects({ userId: 'ann', custom: '', role: 'host' }), false);
  for (const odd of [7, 'host', { presets: 'host' }, []])
    assert.equal(
      readGrant(token({ protect: odd })).protects({ userId: 'x', custom: '', role: 'host' }),
      false,
    );
});

test('a grant whose payload needs base64url is read', () => {
  // The payload of this one has an underscore and a hyphen.
  const payload = Buffer.from(JSON.stringify({ sub: '???>>>', can: ['read'] })).toString(
    'base64url',
  );
  assert.match(payload, /_/);
  assert.equal(readGrant(`x.${payload}.x`).sub, '???>>>');
});

test('a search matches names, and IDs from six characters on', () => {
  const all = [
    joined('a1', { user_id: 'ant-12345678', display_name: 'Zoe', preset_name: 'participant' }),
    joined('a2', { user_id: 'b-87654321', display_name: 'Anton' }),
    joined('a3', { custom_participant_id: 'antenna-1', display_name: '', user_id: undefined }),
  ];
  const options = { query: '', role: '', show: 'in', sort: 'name', down: false };
  const { collator } = formats('en');
  const found = (query) => arrange(all, { ...options, query }, T, collator).map(({ key }) => key);
  assert.deepEqual(found('ant'), ['a2', 'a3'], 'no IDs, no roles; a custom ID that is shown');
  assert.deepEqual(found('ant-1'), []);
  assert.deepEqual(found('ANT-12'), ['a1']);
  assert.deepEqual(found('654321'), ['a2']);
});

test('participants of one name are known', () => {
  const all = [joined('a', { display_name: 'Ann' }), joined('b', { display_name: 'ann' })];
  assert.deepEqual([...sharedNames([...all, joined('c')])], ['ann']);
});

test('rows under a pointer stay in their places', () => {
  const [a, b, c] = [joined('a'), joined('b'), joined('c')];
  const gone = joined('b', { present: false });
  const byKey = new Map([a, gone, c].map((one) => [one.key, one]));
  const rows = held([b, a], [c, a], byKey);
  assert.deepEqual(
    rows.map(({ key, present }) => [key, present]),
    [
      ['b', false],
      ['a', true],
      ['c', true],
    ],
  );
  // One whom the next session does not know.
  assert.equal(held([b], [], new Map())[0].present, false);
});

test('keys are those of a Latin layout, whatever the keyboard is', () => {
  const key = (key, code, shiftKey = false) => keyOf({ key, code, shiftKey });
  assert.deepEqual([key('m', 'KeyM'), key('M', 'KeyM', true)], ['m', 'M']);
  // Cyrillic, Greek and Hebrew.
  assert.deepEqual([key('ь', 'KeyM'), key('Ь', 'KeyM', true)], ['m', 'M']);
  assert.deepEqual([key('μ', 'KeyM'), key('צ', 'KeyM')], ['m', 'm']);
  assert.deepEqual([key('.', 'Slash'), key(',', 'Slash', true)], ['/', '?']);
  // A letter that another Latin layout has elsewhere stays.
  assert.deepEqual([key('a', 'KeyQ'), key('.', 'Period')], ['a', '.']);
  assert.deepEqual([key('Enter', 'Enter'), key('ArrowDown', 'ArrowDown')], ['Enter', 'ArrowDown']);
});

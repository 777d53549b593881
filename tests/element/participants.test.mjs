// The element's logic without a view: participants, their order, the selection, the grant. In Node, from the
// sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { avatar } from '../../www/element/views/avatar.js';
import { readGrant } from '../../www/element/model/grant.js';
import { formats } from '../../www/element/model/format.js';
import { arrange } from '../../www/element/model/arrange.js';
import {
  initials,
  toParticipant,
  rolesOf,
  attendance,
} from '../../www/element/model/participants.js';
import { Selection } from '../../www/element/model/selection.js';
import de from '../../www/element/locales/de.js';
import en from '../../www/element/locales/en.js';
import { token } from '../support/grants.mjs';

const T = Date.parse('2026-11-24T10:00:00Z');
const at = (minutes) => new Date(T + minutes * 60_000).toISOString();
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const OPTIONS = { query: '', role: '', show: 'all', sort: 'name', down: false };

/** A participant of `watch()`, by the minutes at which their peers joined and left. */
function watched(key, visits, more = {}) {
  const peers = visits.map(([from, to], place) => ({
    ...{ id: `${key}-${place}`, user_id: key, joined_at: at(from) },
    ...(to === undefined ? {} : { left_at: to === null ? '' : at(to) }),
  }));
  const present = visits.some(([, to]) => to === undefined || to === null);
  return { key, user_id: key, display_name: key, present, peers, ...more };
}

test('a participant’s name, role, and the ID that actions use', () => {
  const participant = toParticipant(
    watched('ann', [[0]], { display_name: '  Ann ', preset_name: 'host' }),
  );
  assert.deepEqual([participant.name, participant.role, participant.id], ['Ann', 'host', 'ann']);
  assert.equal(participant.field, 'participant_ids');
  const custom = toParticipant(
    watched('c', [[0]], { user_id: undefined, custom_participant_id: 'mine' }),
  );
  assert.deepEqual([custom.id, custom.field], ['mine', 'custom_participant_ids']);
  const nobody = toParticipant(watched('peer', [[0]], { user_id: '' }));
  assert.deepEqual([nobody.id, nobody.field], [null, null]);
});

test('a name is shown without invisible characters, and a name of only those is empty', () => {
  const shown = {
    'A\u200Bn\u00ADn\u202E\u2066': 'Ann',
    'Ann\u0000\nLee': 'Ann Lee',
    '\uFEFF Ann': 'Ann',
    // Emoji of several parts, and of a flag's letters; Persian, which needs its non-joiner.
    '👩\u200D🚀': '👩\u200D🚀',
    '🏴\u{E0067}\u{E0062}\u{E007F}': '🏴\u{E0067}\u{E0062}\u{E007F}',
    'می\u200Cخواهم': 'می\u200Cخواهم',
    // Only invisible characters.
    '\u200B\u2060': '',
    '\u200D\u200C': '',
    '\u3164\u115F': '',
    '\u2800 \uFE0F\u00A0': '',
  };
  for (const [given, name] of Object.entries(shown))
    assert.equal(
      toParticipant(watched('x', [[0]], { display_name: given })).name,
      name,
      escape(given),
    );
});

test('a name does not change the text direction of the sentence around it', () => {
  const participant = toParticipant(watched('x', [[0]], { display_name: '\u202Enna' }));
  const action = { operation: 'kick', outcome: 'done', targets: [{ participant, result: 'done' }] };
  for (const texts of [en, de]) {
    const t = texts(formats('en'));
    for (const text of [
      ...[t.select(participant.name), t.about(participant.name), t.did(action), t.doing(action)],
      ...['mute', 'kick', 'ban'].flatMap((verb) => [
        ...[t.verbAsk[verb](participant.name), t.verbWhom[verb](participant.name)],
      ]),
      // Also a name that tries to end its isolation.
      t.about('\u2069\u202Enna'),
    ])
      assert.ok(/^[^\u202E]*\u2068nna\u2069[^\u202E]*$/.test(text), text);
  }
});

test('texts use the singular for one participant', () => {
  const { askText } = en(formats('en'));
  assert.match(askText.kickAll(1), /^1 participant will/);
  assert.match(askText.kickAll(2), /^2 participants will/);
});

test('an unchanged participant is the same object', () => {
  const one = watched('ann', [[0]]);
  assert.equal(toParticipant(one), toParticipant(one));
  assert.notEqual(toParticipant(one), toParticipant({ ...one }));
});

test('overlapping peers count as one stay', () => {
  const participant = toParticipant(
    watched('ann', [
      [20, null],
      [0, 10],
      [5, 15],
    ]),
  );
  assert.deepEqual(participant.visits, [
    [T, T + 15 * 60_000],
    [T + 20 * 60_000, null],
  ]);
  assert.equal(participant.joins, 3);
  assert.equal(attendance(participant, T + 30 * 60_000), 25 * 60_000);
  // A clock that is behind makes no duration negative.
  assert.equal(attendance(participant, T), 15 * 60_000);
});

test('a peer within another does not end the visit, and one without an end does not lengthen it', () => {
  const visits = (given, more) => toParticipant(watched('ann', given, more)).visits;
  const [from, to] = [T, T + 30 * 60_000];
  const nested = [
    [0, 30],
    [5, 10],
  ];
  assert.deepEqual(visits(nested), [[from, to]]);
  const open = [
    [0, 30],
    [5, null],
  ];
  assert.deepEqual(visits(open), [[from, null]]);
  // A participant who is gone has left, even if the API gives no end of a peer.
  assert.deepEqual(visits(open, { present: false }), [[from, to]]);
  assert.deepEqual(visits([[5, null]], { present: false }), [
    [from + 5 * 60_000, from + 5 * 60_000],
  ]);
});

test('times are read as the API writes them, and invalid ones are ignored', () => {
  const odd = watched('ann', []);
  odd.peers = [
    { joined_at: `${at(0)}"`, left_at: at(1) },
    { joined_at: 'yesterday', left_at: 'null' },
    { left_at: at(3) },
  ];
  assert.deepEqual(toParticipant(odd).visits, [[T, T + 60_000]]);
});

test('a picture must be an https URL', () => {
  const picture = (url) => {
    const one = watched('ann', [[0]]);
    one.peers[0].picture = url;
    return toParticipant(one).picture;
  };
  assert.equal(picture('https://pictures.example/a.png'), 'https://pictures.example/a.png');
  for (const url of ['http://a.example/', 'javascript:alert(1)', 'data:,x', '//a', '', 7, null])
    assert.equal(picture(url), null, String(url));
});

test('initials are shown where a picture cannot be loaded', () => {
  const flat = ({ strings, values }) => [
    strings.join(''),
    ...values.flatMap((value) => (value?.strings ? flat(value) : [value])),
  ];
  const parts = flat(avatar({ picture: 'https://a.example/a.png', name: 'Ada', key: 'k' }));
  assert.ok(parts.includes('A') && parts.includes('https://a.example/a.png'));
  const target = { hidden: false };
  const [handle, ...more] = new Set(parts.filter((part) => typeof part === 'function'));
  assert.deepEqual(more, []);
  handle({ type: 'error', target });
  assert.equal(target.hidden, true);
  // A later picture may load.
  handle({ type: 'load', target });
  assert.equal(target.hidden, false);
  const none = flat(avatar({ picture: null, name: 'Ada', key: 'k' }));
  assert.ok(!none.some((part) => String(part).includes('<img')));
});

test('initials are letters of any script', () => {
  const wanted = {
    'Ada Lovelace': 'AL',
    ada: 'A',
    'Ada de la Cruz': 'AC',
    'Ångström-Öst': 'ÅÖ',
    '<img src=x>': 'S',
    '山田 太郎': '山太',
    '👩‍🚀': '',
    '': '',
  };
  for (const [name, letters] of Object.entries(wanted)) assert.equal(initials(name), letters, name);
});

const PEOPLE = [
  watched('Zoe', [[0]], { preset_name: 'guest' }),
  watched('Ärne', [[1]], { preset_name: 'host' }),
  watched('bob', [[2, 3]], { preset_name: 'guest' }),
  watched('Bob 10', [[3]], { preset_name: 'guest' }),
  watched('Bob 9', [[4]], { preset_name: 'guest' }),
  watched('nameless', [[5]], { display_name: ' ' }),
].map(toParticipant);
const names = (people) => people.map(({ key }) => key);
const arranged = (wish) => names(arrange(PEOPLE, { ...OPTIONS, ...wish }, T + 600_000, collator));

test('the order follows the language, with present participants first', () => {
  assert.deepEqual(arranged({}), ['Ärne', 'Bob 9', 'Bob 10', 'Zoe', 'nameless', 'bob']);
  assert.deepEqual(arranged({ down: true, show: 'in' }), [
    ...['nameless', 'Zoe', 'Bob 10', 'Bob 9', 'Ärne'],
  ]);
  assert.equal(arranged({ sort: 'time', down: true })[0], 'Zoe');
  assert.equal(arranged({ sort: 'joined', down: true, show: 'in' })[0], 'nameless');
});

test('a search matches every word, ignoring case and accents', () => {
  assert.deepEqual(arranged({ query: 'arn' }), ['Ärne']);
  assert.deepEqual(arranged({ query: '  BOB 1' }), ['Bob 10']);
  assert.deepEqual(arranged({ query: 'bob', show: 'left' }), ['bob']);
  assert.deepEqual(arranged({ query: 'guest' }), [], 'no roles');
  assert.deepEqual(arranged({ role: 'host' }), ['Ärne']);
  assert.deepEqual(rolesOf(PEOPLE, collator), [
    ['guest', 4],
    ['host', 1],
  ]);
});

test('sorting from the previous order gives the same result', () => {
  const some = fc.array(
    fc.record({ name: fc.string({ maxLength: 3 }), in: fc.boolean(), joins: fc.nat(3) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(some, some, fc.constantFrom('name', 'joins', 'time'), fc.boolean(), (...given) => {
      const [first, second, sort, down] = given;
      const made = (list) =>
        list.map((one, place) =>
          toParticipant(
            watched(`k${place}`, one.in ? [[place]] : [[place, place + 1]], {
              display_name: one.name,
            }),
          ),
        );
      const wish = { ...OPTIONS, sort, down };
      const before = arrange(made(first), wish, T, collator);
      const people = made(second);
      assert.deepEqual(
        arrange(people, wish, T, collator, before),
        arrange(people, wish, T, collator),
      );
    }),
  );
});

test('a range extends from where the selection began', () => {
  const shown = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key }));
  const selection = new Selection();
  selection.toggle('b');
  selection.extend('d', shown);
  assert.deepEqual([...selection.keys].sort(), ['b', 'c', 'd']);
  selection.extend('a', shown);
  assert.deepEqual([...selection.keys].sort(), ['a', 'b', 'c', 'd']);
  selection.toggle('c');
  assert.equal(selection.has('c'), false);
  selection.prune(new Map([['a', 1]]));
  assert.deepEqual([...selection.keys], ['a']);
  selection.clear();
  selection.extend('e', shown);
  assert.deepEqual([...selection.keys], ['e']);
});

test('a grant’s claims are read; an opaque token allows everything but the audit', () => {
  const claims = { sub: 'ann', name: 'Ännchen', exp: 1000, app_id: 'a', meeting_id: 'm' };
  const grant = readGrant(token({ ...claims, can: ['read', 'kick'] }, { key: 'k' }));
  assert.deepEqual(
    [grant.sub, grant.name, grant.exp, grant.app, grant.meeting],
    ['ann', 'Ännchen', 1_000_000, 'a', 'm'],
  );
  assert.deepEqual(
    ['read', 'kick', 'ban'].map((word) => grant.can(word)),
    [true, true, false],
  );
  // An identity provider's token has no permissions: the gateway decides.
  assert.equal(readGrant(token(claims, { key: 'k' })).can('audit'), true);
  for (const other of ['an-api-token', '', 'a.b.c', 'a..c', undefined]) {
    const opaque = readGrant(other);
    assert.deepEqual([opaque.exp, opaque.can('ban'), opaque.can('audit')], [null, true, false]);
  }
});

// Was das Element sagt, auf Deutsch.

/** @import { Action } from '../types.js' */

/** @type {typeof import('./en.js').default} */
export default function de({ n, span, exact, time, isolated }) {
  const people = (/** @type {number} */ count) =>
    `${n(count)} ${count === 1 ? 'Person' : 'Personen'}`;
  const seconds = (/** @type {number} */ ms) => `${n(Math.ceil(ms / 1000))} s`;
  /** @type {(action: Action) => string} */
  const whom = ({ targets }) => {
    if (targets.length !== 1) return people(targets.length);
    const [{ person }] = targets;
    const name = person.name || person.custom;
    return name ? isolated(name) : 'Jemand ohne Namen';
  };
  /** @type {(action: Action, result: string) => number} */
  const count = ({ targets }, result) =>
    targets.filter((target) => target.result === result).length;
  const done = {
    ...{ kick: 'entfernt', mute: 'stummgeschaltet', ban: 'ausgeschlossen' },
    ...{ kickAll: 'Alle wurden entfernt.', muteAll: 'Alle wurden stummgeschaltet.' },
    ...{ lock: 'Das Meeting ist gesperrt.', unlock: 'Das Meeting ist entsperrt.' },
    poll: 'Die Umfrage wurde gestartet.',
  };
  const doing = {
    ...{ kick: 'Wird entfernt:', mute: 'Wird stummgeschaltet:', ban: 'Wird ausgeschlossen:' },
    ...{ kickAll: 'Alle werden entfernt', muteAll: 'Alle werden stummgeschaltet' },
    ...{ lock: 'Das Meeting wird gesperrt', unlock: 'Das Meeting wird entsperrt' },
    poll: 'Die Umfrage wird gestartet',
  };
  const failed = {
    ...{ kickAll: 'Niemand wurde entfernt.', muteAll: 'Niemand wurde stummgeschaltet.' },
    lock: 'Das Meeting konnte nicht gesperrt werden.',
    unlock: 'Das Meeting konnte nicht entsperrt werden.',
    poll: 'Die Umfrage wurde nicht gestartet.',
  };
  return {
    // Ansichten
    people: 'Teilnehmende',
    views: 'Ansichten',
    tab: { people: 'Personen', room: 'Raum', polls: 'Umfragen', timeline: 'Verlauf' },
    untitled: 'Meeting',
    you: 'Sie',
    // Zustand
    phase: {
      ...{ loading: 'Verbindet', failing: 'Nicht lesbar', waiting: 'Nicht begonnen' },
      ...{ live: 'Live', ended: 'Beendet' },
    },
    phaseSaid: {
      ...{ loading: 'Verbindet.', failing: 'Das Meeting kann nicht gelesen werden.' },
      ...{ waiting: 'Die Sitzung hat nicht begonnen.', live: 'Die Sitzung läuft.' },
      ended: 'Die Sitzung ist beendet.',
    },
    locked: 'Gesperrt',
    inNow: 'anwesend',
    noData: 'Noch keine Daten',
    upToDate: 'Aktuell',
    dataAge: (ms) => `Daten sind ${span(ms)} alt`,
    noNewer: (ms) => `Noch gibt es keine neuere Antwort: Was zu sehen ist, ist ${span(ms)} alt.`,
    grantEndsIn: (ms) => `Zugang endet in ${span(ms)}`,
    grantEnded: 'Zugang abgelaufen',
    grantEndsSoon: (ms) =>
      `Ihr Zugang endet in ${span(ms)}. Danach geht hier nichts mehr, bis Sie einen neuen Link haben.`,
    grantEndedLong:
      'Ihr Zugang ist abgelaufen. Öffnen Sie einen neuen Link: Was zu sehen ist, bleibt.',
    lost: (since) => `Verbindung verloren seit ${exact(since)}.`,
    cannotRead: (since) => `Nicht aktualisiert seit ${exact(since)}:`,
    foundAgain: 'Die Verbindung ist wieder da.',
    nextLook: (ms) => (ms > 0 ? `Nächster Versuch in ${seconds(ms)}.` : 'Neuer Versuch.'),
    limited: (until) => `Zu viele Anfragen: RealtimeKit verlangt eine Pause bis ${exact(until)}.`,
    refused: 'Das Gateway lehnt ab:',
    endedLong: 'Die Sitzung ist beendet. Beginnt die nächste, geht es hier von selbst weiter.',
    loading: 'Es wird gelesen, wer da ist …',
    notStarted: 'Keine laufende Sitzung',
    notStartedText: 'Noch ist niemand da. Sobald jemand beitritt, geht es hier von selbst weiter.',
    cannotOpen: 'Das Meeting kann nicht gelesen werden',
    cannotOpenText: 'Warum, steht oben. Diese Seite versucht es von selbst wieder.',
    notConfigured: 'Kein Meeting',
    notConfiguredText: 'Nötig sind Gateway, Account, App, Meeting und Grant.',
    noChart: 'Das Diagramm konnte nicht geladen werden.',
    // Die Liste
    search: 'Personen suchen',
    show: 'Zeigen',
    showIn: 'Anwesend',
    showLeft: 'Gegangen',
    showAll: 'Alle',
    role: 'Rolle',
    everyRole: 'Jede Rolle',
    order: 'Ordnen nach',
    name: 'Name',
    joined: 'Gekommen',
    timeIn: 'Dauer',
    joins: 'Beitritte',
    actions: 'Aktionen',
    noName: '(ohne Namen)',
    leftAt: (at) => `gegangen ${time(at)}`,
    mark: {
      kick: 'entfernt',
      ban: 'ausgeschlossen',
      mute: 'eben stumm',
      still: 'noch da',
    },
    stillIn: (who) =>
      who.length === 1 && who[0].name
        ? `${isolated(who[0].name)} ist noch da.`
        : `${people(who.length)} noch da.`,
    stillInCard: (count) =>
      count === 1
        ? 'Nach dem neuesten Stand noch da.'
        : `Nach dem neuesten Stand sind ${people(count)} noch da.`,
    joinedTimes: (count) => `${n(count)} Beitritte`,
    select: (name) => `${isolated(name)} auswählen`,
    selectAll: (count) => `Alle ${n(count)} gezeigten auswählen`,
    about: (name) => `Über ${isolated(name)}`,
    nobodyMatches: 'Niemand passt.',
    nobodyIn: 'Niemand ist anwesend.',
    nobodyLeft: 'Niemand ist gegangen.',
    clearFilters: 'Alle zeigen',
    whoWasIn: 'Zeigen, wer da war',
    selected: (count) => `${n(count)} ausgewählt`,
    ofThemLeft: (count) => `${n(count)} davon gegangen`,
    clear: 'Aufheben',
    // Jemand
    ownId: 'ID der App',
    userId: 'Teilnehmer-ID',
    stays: 'In der Sitzung',
    now: 'jetzt',
    isIn: 'Anwesend',
    noId: 'RealtimeKit nennt keine ID dieser Person, darum ist nichts mit ihr zu machen.',
    // Was mit Personen geschieht
    verb: { mute: 'Stummschalten', kick: 'Entfernen', ban: 'Ausschließen' },
    verbWhom: {
      mute: (name) => `${isolated(name)} stummschalten`,
      kick: (name) => `${isolated(name)} entfernen`,
      ban: (name) => `${isolated(name)} ausschließen`,
    },
    verbCount: {
      mute: (count) => (count > 1 ? `${n(count)} stummschalten` : 'Stummschalten'),
      kick: (count) => (count > 1 ? `${n(count)} entfernen` : 'Entfernen'),
      ban: (count) => (count > 1 ? `${n(count)} ausschließen` : 'Ausschließen'),
    },
    verbAsk: {
      mute: (name) => `${isolated(name)} stummschalten?`,
      kick: (name) => `${isolated(name)} entfernen?`,
      ban: (name) => `${isolated(name)} ausschließen?`,
    },
    verbAskMany: {
      mute: (count) => `${people(count)} stummschalten?`,
      kick: (count) => `${people(count)} entfernen?`,
      ban: (count) => `${people(count)} ausschließen?`,
    },
    happens: {
      mute: 'Zu hören ist erst wieder, wer sich selbst einschaltet, wenn die Rolle das erlaubt.',
      kick: 'Wer entfernt wird, ist sofort draußen und kann mit demselben Link wiederkommen.',
      ban: 'Wer ausgeschlossen wird, ist sofort draußen und kann mit diesem Link nicht wiederkommen. Es gibt kein Zurück: RealtimeKit kann das nicht rückgängig machen.',
      banOnly:
        'Niemand davon kann mit diesem Link wiederkommen; wer da ist, bleibt aber, bis er geht: Ihr Zugang erlaubt kein Entfernen. Es gibt kein Zurück.',
    },
    whom: 'Wen',
    andMore: (count) => `und ${n(count)} weitere`,
    haveLeft: (count) => `${people(count)} schon gegangen oder nicht erreichbar: wird ausgelassen.`,
    cannotBan: (count) => `${people(count)} nicht auszuschließen: RealtimeKit nennt keine ID.`,
    cancel: 'Abbrechen',
    close: 'Schließen',
    // Wie es ausging
    doing: (action) =>
      `${doing[action.operation]}${action.targets.length ? ` ${whom(action)}` : ''} …`,
    did: (action) => {
      const { operation, outcome, targets } = action;
      const verb = done[operation];
      if (!targets.length) {
        if (outcome === 'done') return verb;
        const then = action.before ? ` ${failed[action.before]}` : '';
        if (outcome === 'failed') return failed[/** @type {'lock'} */ (operation)] + then;
        return operation === 'poll'
          ? 'Die Antwort ging verloren: Die Umfrage läuft vielleicht schon. RealtimeKit kann Umfragen nicht auflisten; sehen Sie im Meeting nach, bevor Sie sie noch einmal senden.'
          : `Die Antwort ging verloren: Es hat vielleicht geklappt. Es zu wiederholen schadet nicht.${then}`;
      }
      const [good, gone] = [count(action, 'done'), count(action, 'gone')];
      const [bad, unsure] = [count(action, 'failed'), count(action, 'unknown')];
      // Their link is dead, and the kick that goes with it failed.
      const half = targets.filter(
        ({ removed, result }) => removed && (result === 'failed' || result === 'unknown'),
      ).length;
      if (targets.length === 1) {
        if (half)
          return `${whom(action)} kann nicht mehr beitreten, ist aber vielleicht noch im Raum.`;
        if (good) return `${whom(action)} wurde ${verb}.`;
        if (gone) return `${whom(action)} ist schon gegangen: Es wurde nichts getan.`;
        return outcome === 'unknown'
          ? `${whom(action)} wurde vielleicht ${verb}: Die Antwort ging verloren.`
          : `${whom(action)} wurde nicht ${verb}.`;
      }
      const parts = [`${n(good)} ${verb}`];
      if (gone) parts.push(`${n(gone)} schon gegangen`);
      if (bad) parts.push(`${n(bad)} nicht ${verb}`);
      if (unsure) parts.push(`${n(unsure)} vielleicht ${verb}: die Antwort ging verloren`);
      if (half)
        parts.push(
          `${n(half)} davon können nicht mehr beitreten, sind aber vielleicht noch im Raum`,
        );
      return `${parts.join(', ')}.`;
    },
    notDone: 'Bei wem es nicht ging',
    maybe: 'Vielleicht doch:',
    retry: (count) => (count > 1 ? `Für diese ${n(count)} wiederholen` : 'Wiederholen'),
    lockAndKick: 'Sperren, dann alle entfernen …',
    again: 'Noch einmal',
    undo: 'Rückgängig',
    dismiss: 'Ausblenden',
    dismissAll: 'Alle ausblenden',
    // Der Raum
    since: 'Seit',
    lasts: 'Dauert',
    most: 'Höchstens zugleich',
    wereIn: 'Waren da',
    minutesUsed: 'Minuten verbraucht',
    noSessionYet: 'Noch gibt es keine Sitzung.',
    isOpen: 'Das Meeting ist offen',
    isLocked: 'Das Meeting ist gesperrt',
    lockUnknown: 'Ob das Meeting gesperrt ist, ist nicht bekannt',
    lockText: 'Solange es gesperrt ist, kann niemand beitreten. Wer da ist, bleibt.',
    lockButton: { lock: 'Sperren', unlock: 'Entsperren' },
    muteAll: 'Alle stummschalten',
    muteAllText: 'Alle, die anwesend sind. Wer später kommt, ist nicht stumm.',
    muteAllButton: 'Alle stumm …',
    kickAll: 'Alle entfernen',
    kickAllText: 'Beendet die Sitzung und eine Aufzeichnung.',
    kickAllButton: 'Alle entfernen …',
    roomNotAllowed: 'Ihr Zugang erlaubt nichts, was den ganzen Raum betrifft.',
    askTitle: {
      kickAll: 'Alle entfernen?',
      muteAll: 'Alle stummschalten?',
      pollAgain: 'Umfrage noch einmal senden?',
    },
    askText: {
      kickAll: (count) =>
        `${people(count)} sofort draußen: Das beendet die Sitzung für alle und eine Aufzeichnung. Mit demselben Link kann man wiederkommen, wenn das Meeting nicht gesperrt ist.`,
      muteAll: (count) => `${people(count)} danach nicht mehr zu hören.`,
      pollAgain: () => 'Die letzte läuft vielleicht schon. Wenn ja, sind es dann zwei.',
    },
    yes: { kickAll: 'Alle entfernen', muteAll: 'Alle stumm', pollAgain: 'Noch einmal senden' },
    allowUnmute: 'Sie dürfen sich selbst wieder einschalten',
    lockFirst: 'Das Meeting vorher sperren, damit niemand wiederkommt',
    kickAllWord: 'alle entfernen',
    typeToConfirm: (word) => `Zum Bestätigen „${word}“ eingeben`,
    // Umfragen
    question: 'Frage',
    options: 'Antworten, 2 bis 10',
    optionNo: (place) => `Antwort ${n(place)}`,
    addOption: 'Antwort hinzufügen',
    removeOption: (place) => `Antwort ${n(place)} löschen`,
    anonymous: 'Anonym',
    hide_votes: 'Stimmen verbergen',
    preview: 'Vorschau',
    anonymousMeans: 'Niemand sieht, wer was gewählt hat.',
    namedMeans: 'Alle sehen, wer was gewählt hat.',
    hideMeans: 'Wer nicht abgestimmt hat, sieht keine Stimmen.',
    pollWrong: {
      question: 'Geben Sie eine Frage ein.',
      few: 'Geben Sie 2 bis 10 Antworten ein.',
      same: 'Geben Sie verschiedene Antworten ein: Zwei sind gleich.',
    },
    startPoll: 'Umfrage starten',
    keepTemplate: 'Als Vorlage behalten',
    templateKept: 'Die Vorlage ist auf diesem Gerät gespeichert.',
    templates: 'Vorlagen auf diesem Gerät',
    dropTemplate: (question) => `Vorlage ${isolated(question)} löschen`,
    optionsCount: (count) => `${n(count)} Antworten`,
    asked: 'In dieser Sitzung gefragt',
    pollDoubt: 'Die Antwort ging verloren: Sie läuft vielleicht.',
    sendAgain: 'Noch einmal senden …',
    noResults:
      'Stimmen sieht man nur im Meeting: Die API von RealtimeKit nennt weder Umfragen noch Ergebnisse.',
    pollNeedsSession: 'Eine Umfrage braucht eine laufende Sitzung.',
    pollNotAllowed: 'Ihr Zugang erlaubt keine Umfragen.',
    // Der Verlauf
    peopleOverTime: 'Personen im Lauf der Zeit',
    chart: (now, most) =>
      `Personen im Lauf der Zeit: jetzt ${n(now)}, höchstens ${n(most)}. Die Liste darunter sagt dasselbe.`,
    chartEmpty: 'Personen im Lauf der Zeit: noch niemand.',
    mostAtOnce: (most) => `höchstens ${n(most)}`,
    everything: 'Alles',
    comings: 'Personen',
    deeds: 'Aktionen',
    event: { join: 'ist gekommen', return: 'ist wieder da', leave: 'ist gegangen' },
    deed: (operation) =>
      /** @type {Record<string, string>} */ ({
        ...{ kick: 'Entfernt', mute: 'Stummgeschaltet', ban: 'Ausgeschlossen' },
        ...{ kickAll: 'Alle entfernt', muteAll: 'Alle stummgeschaltet' },
        ...{ lock: 'Gesperrt', unlock: 'Entsperrt', poll: 'Umfrage' },
      })[operation] ?? operation,
    fate: (outcome) => (outcome === 'refused' ? 'abgelehnt' : 'nicht bekannt'),
    nothingYet: 'Noch nichts.',
    older: (count) => `Ältere zeigen (${n(count)})`,
    noAudit: 'Nur Aktionen dieser Seite: Für diesen Zugang gibt es kein Protokoll.',
    auditTrouble: (why) =>
      `Das Protokoll konnte nicht gelesen werden (${why}): Aktionen anderer fehlen vielleicht.`,
    // Tasten
    shortcuts: 'Tastenkürzel',
    singleKeys: 'Einzelne Tasten tun dies (auf diesem Gerät gespeichert)',
    keys: [
      [['/'], 'Personen suchen'],
      [['j', '↓'], 'Nächste'],
      [['k', '↑'], 'Vorige'],
      [['x', 'Leertaste'], 'Auswählen'],
      [['Umschalt ↑', 'Umschalt ↓'], 'Einen Bereich auswählen'],
      [['a'], 'Alle gezeigten auswählen, oder niemanden'],
      [['Eingabe'], 'Über jemanden'],
      [['m'], 'Stummschalten'],
      [['r'], 'Entfernen'],
      [['b'], 'Ausschließen'],
      [['Umschalt M'], 'Alle stummschalten'],
      [['Umschalt L'], 'Sperren oder entsperren'],
      [['1', '2', '3', '4'], 'Personen, Raum, Umfragen, Verlauf'],
      [['Esc'], 'Suche oder Auswahl aufheben'],
      [['?'], 'Diese Übersicht'],
    ],
  };
}

// Die Texte des Elements auf Deutsch.

/** @import { Operation } from '../types.js' */

/** @type {typeof import('./en.js').default} */
export default function de({ n, span, seconds, exact, time, isolated }) {
  const people = (/** @type {number} */ count) =>
    `${n(count)} ${count === 1 ? 'Person' : 'Personen'}`;
  const by = (/** @type {string} */ name) => (name ? ` von ${isolated(name)}` : '');
  /** @type {(action: import('../types.js').Action) => string} */
  const whom = ({ targets }) => {
    if (targets.length !== 1) return people(targets.length);
    const [{ participant }] = targets;
    const name = participant.name || participant.custom;
    return name ? isolated(name) : 'eine Person ohne Namen';
  };
  const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);
  /** @type {(action: import('../types.js').Action, result: string) => number} */
  const count = ({ targets }, result) =>
    targets.filter((target) => target.result === result).length;
  /** @type {Record<Operation, [doing: string, done: string, failed: string]>} */
  const words = {
    kick: ['entfernt', 'entfernt', 'entfernt'],
    mute: ['stummgeschaltet', 'stummgeschaltet', 'stummgeschaltet'],
    ban: ['ausgeschlossen', 'ausgeschlossen', 'ausgeschlossen'],
    kickAll: ['Alle werden entfernt', 'Alle wurden entfernt.', 'Niemand wurde entfernt.'],
    muteAll: [
      'Alle werden stummgeschaltet',
      'Alle wurden stummgeschaltet.',
      'Niemand wurde stummgeschaltet.',
    ],
    lock: [
      'Das Meeting wird gesperrt',
      'Meeting gesperrt.',
      'Das Meeting konnte nicht gesperrt werden.',
    ],
    unlock: [
      'Das Meeting wird entsperrt',
      'Meeting entsperrt.',
      'Das Meeting konnte nicht entsperrt werden.',
    ],
    freeze: [
      'Das Meeting wird eingefroren',
      'Meeting eingefroren.',
      'Das Meeting konnte nicht eingefroren werden.',
    ],
    unfreeze: [
      'Das Meeting wird freigegeben',
      'Meeting freigegeben.',
      'Das Meeting konnte nicht freigegeben werden.',
    ],
    poll: [
      'Die Umfrage wird gestartet',
      'Umfrage gestartet.',
      'Die Umfrage wurde nicht gestartet.',
    ],
  };
  /** @type {Record<string, string>} */
  const problems = {
    grant_missing: 'Es wurde kein Zugangstoken gesendet.',
    grant_invalid: 'Ihr Zugang ist ungültig.',
    grant_too_long: 'Ihr Zugang gilt zu lange.',
    grant_revoked: 'Ihr Zugang wurde widerrufen.',
    grant_expired: 'Ihr Zugang ist abgelaufen.',
    grant_early: 'Ihr Zugang gilt noch nicht.',
    account: 'Ihr Zugang gilt für einen anderen Account.',
    app: 'Ihr Zugang gilt für eine andere App.',
    meeting: 'Ihr Zugang gilt für ein anderes Meeting.',
    session: 'Diese Sitzung gehört zu einem anderen Meeting.',
    origin: 'Diese Seite darf das Gateway nicht nutzen.',
    permission: 'Dafür fehlt Ihnen die Berechtigung.',
    permission_read: 'Ihnen fehlt die Berechtigung, dieses Meeting zu sehen.',
    protected: 'Diese Person ist geschützt.',
    protect_unknown: 'Es ließ sich nicht prüfen, wer geschützt ist.',
    invalid: 'Die Anfrage wurde nicht angenommen.',
    too_large: 'Die Anfrage war zu groß.',
    too_slow: 'Das Senden der Anfrage dauerte zu lange.',
    key_reused: 'Diese Anfrage wurde schon für etwas anderes verwendet.',
    fate_unknown: 'Ob die Umfrage gestartet wurde, ist unklar.',
    moderator_limit: 'Zu viele Anfragen.',
    budget: 'Cloudflare nimmt gerade keine weiteren Anfragen an.',
    audit: 'Das Protokoll kann nicht geschrieben werden. Es wurde nichts getan.',
    audit_unread: 'Das Protokoll kann nicht gelesen werden.',
    api_token: 'Das Gateway kann sich bei Cloudflare nicht anmelden.',
    busy: 'Das Gateway ist ausgelastet.',
    not_sent: 'Cloudflare war nicht erreichbar.',
    lost: 'Cloudflare antwortet nicht.',
    timed_out: 'Cloudflare hat zu lange gebraucht.',
  };
  /** @type {Record<number, string>} */
  const byStatus = {
    401: problems.grant_invalid,
    403: problems.permission,
    404: 'Nicht gefunden.',
    429: problems.moderator_limit,
  };
  return {
    problem: ({ status, reason = '' }) => {
      const other =
        status === undefined
          ? 'Verbindungsfehler.'
          : status >= 500
            ? problems.lost
            : 'Die Anfrage wurde abgelehnt.';
      const text = problems[reason] ?? byStatus[status ?? 0] ?? other;
      return status ? `${text} (${status})` : text;
    },
    // Ansichten
    participants: 'Teilnehmende',
    views: 'Ansichten',
    tab: {
      participants: 'Teilnehmende',
      meeting: 'Meeting',
      polls: 'Umfragen',
      timeline: 'Verlauf',
    },
    untitled: 'Meeting ohne Titel',
    you: 'Sie',
    notLoaded:
      'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie die Verbindung und laden Sie neu.',
    // Zustand
    phase: {
      ...{ loading: 'Verbinden …', failing: 'Nicht erreichbar', waiting: 'Nicht begonnen' },
      ...{ live: 'Live', ended: 'Beendet' },
    },
    phaseAnnounced: {
      loading: 'Verbindung zum Meeting wird hergestellt.',
      failing: 'Das Meeting kann nicht geladen werden.',
      ...{ waiting: 'Das Meeting hat noch nicht begonnen.', live: 'Das Meeting läuft.' },
      ended: 'Das Meeting ist beendet.',
    },
    locked: 'Gesperrt',
    inNow: 'anwesend',
    otherModerators: 'Moderieren mit',
    moderatorNames: (names, more) =>
      names.map(isolated).join(', ') + (more > 0 ? ` +${n(more)}` : ''),
    moderatorCount: (count) =>
      count === 1 ? '1 Person moderiert mit' : `${n(count)} Personen moderieren mit`,
    noData: 'Wird geladen …',
    upToDate: 'Live',
    updatedAgo: (ms) => `Vor ${span(ms)} aktualisiert`,
    dataAge: (ms) => `Stand vor ${span(ms)}`,
    noNewer: (ms) => `Warten auf neue Daten. Stand vor ${span(ms)}.`,
    grantEndsIn: (ms) => `Zugang endet in ${span(ms)}`,
    grantEnded: 'Zugang abgelaufen',
    grantEndsSoon: (ms) =>
      `Ihr Zugang endet in ${span(ms)}. Um weiter zu moderieren, öffnen Sie in diesem Tab einen neuen Moderationslink.`,
    grantEndedLong:
      'Ihr Zugang ist abgelaufen. Öffnen Sie in diesem Tab einen neuen Moderationslink.',
    noGrant: 'Die App erhält keinen Zugang für Sie. Wir versuchen es weiter.',
    unreachable: (gateway, origin) =>
      `Verbindungsfehler: keine Antwort von ${gateway}. Entweder läuft das Gateway nicht, seine Adresse endet nicht auf /client/v4, oder seine „origins“ enthalten ${origin} nicht.`,
    listStops: 'Diese Liste wird nicht mehr aktualisiert.',
    lost: (since) => `Sie sind offline. Letzte Aktualisierung ${exact(since)}.`,
    cannotRead: (since) => `Keine Aktualisierung seit ${exact(since)}.`,
    refreshedAgain: 'Wieder online.',
    nextRefresh: (ms) => (ms > 0 ? `Neuer Versuch in ${seconds(ms)}` : 'Neuer Versuch …'),
    retryNow: 'Jetzt versuchen',
    limited: (until) => `Zu viele Anfragen. Weiter um ${exact(until)}.`,
    endedLong:
      'Das Meeting ist beendet. Beginnt es wieder, aktualisiert sich diese Seite von selbst.',
    endedLocked:
      'Das Meeting ist beendet und gesperrt. Niemand kann es starten, bis Sie es entsperren.',
    loading: 'Teilnehmende werden geladen …',
    notStarted: 'Das Meeting hat noch nicht begonnen',
    notStartedText: 'Sobald jemand beitritt, erscheinen hier die Teilnehmenden.',
    notFound: 'Meeting nicht gefunden',
    notFoundText:
      'Dieses Meeting gibt es nicht. Prüfen Sie den Link, oder fragen Sie bei der Person nach, von der er stammt.',
    cannotOpen: 'Das Meeting kann nicht geöffnet werden',
    openNewLink: 'Öffnen Sie einen neuen Moderationslink.',
    enterByHand: 'Von Hand eingeben',
    keepTrying: 'Wir versuchen es weiter.',
    notConfigured: 'Nicht mit einem Meeting verbunden',
    missing: (names) => `Die Moderation ist gerade nicht verfügbar. Es fehlt: ${names.join(', ')}.`,
    // Die Übersicht
    allMeetings: 'Alle laufenden Meetings',
    noMeetings: 'Gerade läuft kein Meeting.',
    here: (count) => `${n(count)} anwesend`,
    // Die Liste
    search: 'Nach Namen suchen',
    matches: (count, all) => `${n(count)} von ${n(all)}`,
    show: 'Nach Status filtern',
    showIn: 'Anwesend',
    showLeft: 'Gegangen',
    showAll: 'Alle',
    role: 'Rolle',
    everyRole: 'Alle Rollen',
    order: 'Sortieren nach',
    ascending: 'Aufsteigend',
    descending: 'Absteigend',
    name: 'Name',
    joined: 'Beigetreten',
    timeIn: 'Zeit im Meeting',
    joins: 'Beitritte',
    actions: 'Aktionen',
    noName: 'Ohne Namen',
    leftAt: (at) => `Gegangen um ${time(at)}`,
    removedAt: (at, name) => `Um ${time(at)}${by(name)} entfernt`,
    bannedAt: (at, name) => `Um ${time(at)}${by(name)} ausgeschlossen`,
    mark: {
      ...{ kick: 'Entfernt', ban: 'Ausgeschlossen', mute: 'Gerade stummgeschaltet' },
      still: 'Noch da',
    },
    markBy: (mark, name) => `${mark} von ${isolated(name)}`,
    protected: 'Geschützt',
    protectedText:
      'Diese Person ist geschützt. Sie können sie nicht stummschalten, entfernen oder ausschließen.',
    sameName: 'Mehrere Personen heißen so. Dies ist das Ende der ID.',
    stillIn: (who) =>
      who.length === 1 && who[0].name
        ? `${isolated(who[0].name)} ist noch im Meeting.`
        : `${people(who.length)} noch im Meeting.`,
    stillInCard: (count) =>
      count === 1 ? 'Die Person ist noch im Meeting.' : `${people(count)} sind noch im Meeting.`,
    joinedTimes: (count) => `${n(count)} Beitritte`,
    select: (name) => `${isolated(name)} auswählen`,
    selectAll: (count) => `Alle ${n(count)} auswählen`,
    about: (name) => `Details zu ${isolated(name)}`,
    nobodyMatches: 'Keine Treffer.',
    nobodyIn: 'Gerade ist niemand da.',
    nobodyLeft: 'Noch ist niemand gegangen.',
    clearFilters: 'Filter aufheben',
    whoWasIn: 'Alle zeigen, die teilgenommen haben',
    selected: (count) => `${n(count)} ausgewählt`,
    selectedHidden: (count, hidden) => `${n(count)} ausgewählt, ${n(hidden)} ausgeblendet`,
    ofThemLeft: (count) => `${n(count)} gegangen`,
    clear: 'Auswahl aufheben',
    // Details
    ownId: 'ID Ihrer App',
    userId: 'Teilnehmer-ID',
    stays: 'Anwesenheit',
    now: 'jetzt',
    noId: 'RealtimeKit nennt für diese Person keine ID. Sie lässt sich hier nicht stummschalten, entfernen oder ausschließen.',
    // Aktionen
    verb: { mute: 'Stummschalten', kick: 'Entfernen', ban: 'Ausschließen' },
    verbWhom: {
      mute: (name) => `${isolated(name)} stummschalten`,
      kick: (name) => `${isolated(name)} entfernen`,
      ban: (name) => `${isolated(name)} ausschließen`,
    },
    verbCount: {
      mute: (count) => (count > 1 ? `${people(count)} stummschalten` : 'Stummschalten'),
      kick: (count) => (count > 1 ? `${people(count)} entfernen` : 'Entfernen'),
      ban: (count) => (count > 1 ? `${people(count)} ausschließen` : 'Ausschließen'),
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
    nothingPossible: {
      mute: 'Es gibt niemanden zum Stummschalten.',
      kick: 'Es gibt niemanden zum Entfernen.',
      ban: 'Es gibt niemanden zum Ausschließen.',
    },
    happens: {
      mute: 'Das Mikrofon wird stummgeschaltet. Wer darf, kann es selbst wieder einschalten.',
      kick: 'Das Meeting endet für sie sofort. Mit demselben Link ist ein neuer Beitritt möglich; um das zu verhindern, schließen Sie sie aus.',
      ban: 'Das Meeting endet für sie sofort, und der Link gilt nicht mehr. Das lässt sich hier nicht rückgängig machen; Ihre App kann neu einladen.',
      banOnly:
        'Der Link gilt nicht mehr. Weil Ihnen die Berechtigung zum Entfernen fehlt, bleibt im Meeting, wer schon darin ist. Das lässt sich hier nicht rückgängig machen.',
    },
    includes: (roles) =>
      `Darunter ${roles.map(([role, count]) => `${n(count)} × ${isolated(role)}`).join(', ')}.`,
    sameNameAs: 'Noch jemand heißt so.',
    identity: (role, joined) =>
      `${role ? `${isolated(role)}, ` : ''}beigetreten um ${time(joined)},`,
    andMore: (count) => `und ${n(count)} weitere`,
    haveLeft: (count) =>
      count === 1
        ? '1 Person ist schon gegangen und wird ausgelassen.'
        : `${people(count)} sind schon gegangen und werden ausgelassen.`,
    cannotBan: (count) =>
      `${people(count)} ohne ID oder schon ausgeschlossen: ${count === 1 ? 'wird' : 'werden'} ausgelassen.`,
    protectedSkipped: (count) =>
      `${people(count)} ${count === 1 ? 'ist' : 'sind'} geschützt und ${count === 1 ? 'wird' : 'werden'} ausgelassen.`,
    protectedMeeting: (count) =>
      `${people(count)} hier ${count === 1 ? 'ist' : 'sind'} geschützt. Das Gateway lässt dies darum nicht zu.`,
    reason: 'Grund (optional)',
    reasonIs: 'Grund:',
    cancel: 'Abbrechen',
    close: 'Schließen',
    // Ergebnisse
    doing: (action) => {
      const { operation, targets } = action;
      if (action.stopped) return 'Wird angehalten …';
      const [verb] = words[operation];
      if (!targets.length) return `${verb} …`;
      return `${capital(whom(action))} ${targets.length === 1 ? 'wird' : 'werden'} ${verb} …`;
    },
    progress: ({ operation, targets }, done) =>
      `${n(done)} von ${n(targets.length)} ${words[operation][1]}.`,
    continuesIn: (ms, only) => `${only ? 'Zu viele Anfragen. ' : ''}Weiter in ${seconds(ms)}`,
    stop: 'Anhalten',
    stopped: 'Angehalten.',
    did: (action) => {
      const { operation, outcome, targets } = action;
      const [, verb, failed] = words[operation];
      if (!targets.length) {
        if (outcome === 'done') {
          if (action.count === undefined || !['kickAll', 'muteAll'].includes(operation))
            return verb;
          const done = operation === 'kickAll' ? 'entfernt' : 'stummgeschaltet';
          return `${people(action.count)} ${action.count === 1 ? 'wurde' : 'wurden'} ${done}.`;
        }
        const then = action.before ? ` ${words[action.before][2]}` : '';
        if (outcome === 'partly') return 'Das gelang nur zur Hälfte. Versuchen Sie es noch einmal.';
        if (outcome === 'failed') return failed + then;
        return operation === 'poll'
          ? 'Ob die Umfrage gestartet wurde, ist unklar. Sehen Sie im Meeting nach, bevor Sie sie noch einmal senden.'
          : `Ob es geklappt hat, ist unklar. Sie können es gefahrlos wiederholen.${then}`;
      }
      const [good, gone] = [count(action, 'done'), count(action, 'gone')];
      const [bad, unsure] = [count(action, 'failed'), count(action, 'unknown')];
      const stopped = count(action, 'stopped');
      const half = targets.filter(
        ({ removed, result }) => removed && (result === 'failed' || result === 'unknown'),
      ).length;
      if (targets.length === 1) {
        const who = capital(whom(action));
        const [{ verified }] = targets;
        if (verified === 'left') return `${who} hat das Meeting verlassen.`;
        if (verified) return `${who} ist noch im Meeting.`;
        if (half) return `${who} ist ausgeschlossen, aber vielleicht noch im Meeting.`;
        if (good)
          return action.banOnly
            ? `${who} kann nicht mehr beitreten, ist aber noch im Meeting.`
            : `${who} wurde ${verb}.`;
        if (gone) return `${who} war schon gegangen.`;
        if (stopped) return `Angehalten. ${who} wurde nicht ${verb}.`;
        return outcome === 'unknown'
          ? `Ob ${whom(action)} ${verb} wurde, ist unklar.`
          : `${who} konnte nicht ${verb} werden.`;
      }
      const parts = [`${n(good)} ${verb}`];
      if (gone) parts.push(`${n(gone)} schon gegangen`);
      if (bad) parts.push(`${n(bad)} fehlgeschlagen`);
      if (unsure) parts.push(`${n(unsure)} unbestätigt`);
      if (stopped) parts.push(`${n(stopped)} angehalten`);
      if (half) parts.push(`${n(half)} ausgeschlossen, aber vielleicht noch im Meeting`);
      if (action.banOnly) parts.push('wer im Meeting ist, bleibt bis zum Verlassen');
      return `${parts.join(', ')}.`;
    },
    elsewhere: (title) =>
      title ? `In einem anderen Meeting, ${isolated(title)}.` : 'In einem anderen Meeting.',
    notDone: 'Fehlgeschlagen bei',
    maybe: 'Unbestätigt.',
    lockAndKick: 'Sperren, dann alle entfernen …',
    retry: (count) => (count > 1 ? `${n(count)} wiederholen` : 'Wiederholen'),
    again: 'Noch einmal versuchen',
    undo: 'Rückgängig',
    dismiss: 'Ausblenden',
    dismissAll: 'Alle ausblenden',
    // Das Meeting
    since: 'Beginn',
    lasts: 'Dauer',
    most: 'Höchststand',
    wereIn: 'Teilgenommen',
    freeze: 'Meeting einfrieren',
    isFrozen: 'Das Meeting ist eingefroren',
    freezeText:
      'Sperrt das Meeting und schaltet alle stumm, ohne dass sie sich einschalten können.',
    unfreezeText:
      'Niemand kann beitreten oder sich einschalten. Freigeben entsperrt das Meeting und erlaubt allen, sich einzuschalten.',
    freezeButton: 'Einfrieren',
    unfreezeButton: 'Freigeben',
    isOpen: 'Meeting ist nicht gesperrt',
    isLocked: 'Meeting ist gesperrt',
    lockUnknown: 'Sperrstatus unbekannt',
    lockText: 'Bei gesperrtem Meeting kann niemand neu beitreten. Wer schon da ist, bleibt.',
    lockButton: { lock: 'Meeting sperren', unlock: 'Meeting entsperren' },
    muteAll: 'Alle stummschalten',
    muteAllText:
      'Schaltet alle Anwesenden stumm, auch Hosts und Vortragende. Wer später beitritt, ist nicht stumm.',
    muteAllButton: 'Alle stummschalten …',
    muteExceptButton: 'Alle stummschalten außer …',
    kickAll: 'Alle entfernen',
    kickAllText: 'Beendet das Meeting und eine laufende Aufzeichnung.',
    kickAllButton: 'Alle entfernen …',
    meetingNotAllowed:
      'Ihnen fehlt die Berechtigung, das Meeting zu sperren oder alle stummzuschalten oder zu entfernen.',
    askTitle: {
      kickAll: 'Alle entfernen und das Meeting beenden?',
      muteAll: 'Alle stummschalten?',
      pollAgain: 'Diese Umfrage noch einmal senden?',
      replaceDraft: 'Entwurf ersetzen?',
    },
    askText: {
      kickAll: (count) =>
        `${people(count)} ${count === 1 ? 'wird' : 'werden'} entfernt, eine laufende Aufzeichnung wird beendet. Alle können wieder beitreten, wenn Sie das Meeting nicht sperren.`,
      muteAll: (count) =>
        `${people(count)} ${count === 1 ? 'wird' : 'werden'} stummgeschaltet, auch Hosts und Vortragende.`,
      pollAgain: () => 'Sie läuft vielleicht schon. Dann wird sie zweimal angezeigt.',
      replaceDraft: () => 'Die Vorlage ersetzt die Umfrage, die Sie gerade schreiben.',
    },
    yes: {
      ...{ kickAll: 'Alle entfernen', muteAll: 'Alle stummschalten' },
      ...{ muteExcept: 'Die anderen stummschalten', pollAgain: 'Noch einmal senden' },
      replaceDraft: 'Ersetzen',
    },
    except: 'Nicht stummschalten',
    muteExceptText: (count) =>
      `${people(count)} ${count === 1 ? 'wird' : 'werden'} stummgeschaltet.`,
    allowUnmute: 'Sie dürfen sich selbst wieder einschalten',
    lockFirst: 'Das Meeting vorher sperren, damit niemand wieder beitritt',
    kickAllWord: 'entfernen',
    typeToConfirm: (word) => `Zum Bestätigen „${word}“ eingeben`,
    // Umfragen
    question: 'Frage',
    options: 'Antworten (2–10)',
    optionNo: (place) => `Antwort ${n(place)}`,
    addOption: 'Antwort hinzufügen',
    removeOption: (place) => `Antwort ${n(place)} löschen`,
    anonymous: 'Anonyme Abstimmung',
    hide_votes: 'Ergebnisse erst nach der Abstimmung zeigen',
    preview: 'Vorschau',
    anonymousMeans: 'Niemand sieht, wer wie abgestimmt hat.',
    namedMeans: 'Alle sehen, wer wie abgestimmt hat.',
    hideMeans: 'Die Ergebnisse erscheinen erst nach der eigenen Abstimmung.',
    pollWrong: {
      question: 'Geben Sie eine Frage ein.',
      few: 'Geben Sie mindestens zwei Antworten ein.',
      many: 'Geben Sie höchstens zehn Antworten ein.',
      same: 'Zwei Antworten sind gleich.',
    },
    startPoll: 'Umfrage starten',
    saveTemplate: 'Als Vorlage speichern',
    templateSaved: 'Vorlage auf diesem Gerät gespeichert.',
    templates: 'Gespeicherte Vorlagen (dieses Gerät)',
    deleteTemplate: (question) => `Vorlage ${isolated(question)} löschen`,
    optionsCount: (count) => `${n(count)} Antworten`,
    asked: 'Umfragen in diesem Meeting',
    pollUnknown: 'Unbestätigt: Sie läuft vielleicht.',
    sendAgain: 'Noch einmal senden …',
    noResults: 'Ergebnisse sind nur im Meeting zu sehen.',
    pollNeedsSession: 'Eine Umfrage ist möglich, sobald das Meeting läuft.',
    pollNotAllowed: 'Ihnen fehlt die Berechtigung, Umfragen zu starten.',
    // Der Verlauf
    participantsOverTime: 'Teilnehmende im Zeitverlauf',
    chart: (now, most) => `Teilnehmende im Zeitverlauf: jetzt ${n(now)}, Höchststand ${n(most)}.`,
    chartEmpty: 'Teilnehmende im Zeitverlauf: noch niemand.',
    mostAtOnce: (most) => `Höchststand ${n(most)}`,
    everything: 'Alles',
    joinsAndLeaves: 'Beitritte & Austritte',
    moderatorActions: 'Moderation',
    event: {
      ...{ join: 'ist beigetreten', return: 'ist wieder beigetreten' },
      leave: 'hat das Meeting verlassen',
    },
    actionWords: (operation) => {
      /** @type {Record<string, [string, string]>} */
      const words = {
        ...{ kick: ['hat', 'entfernt'], mute: ['hat', 'stummgeschaltet'] },
        ...{ ban: ['hat', 'ausgeschlossen'], kickAll: ['hat alle', 'entfernt'] },
        ...{ muteAll: ['hat alle', 'stummgeschaltet'], lock: ['hat das Meeting', 'gesperrt'] },
        ...{ unlock: ['hat das Meeting', 'entsperrt'], poll: ['hat eine Umfrage', 'gestartet'] },
        freeze: ['hat das Meeting', 'eingefroren'],
        unfreeze: ['hat das Meeting', 'freigegeben'],
      };
      return ['', ...(words[operation] ?? [operation, ''])];
    },
    outcome: (outcome) => (outcome === 'refused' ? 'fehlgeschlagen' : 'unbestätigt'),
    nothingYet: 'Noch keine Aktivität.',
    older: (count) => `${n(count)} ältere zeigen`,
    noAudit: 'Nur Aktionen aus diesem Tab werden gezeigt.',
    auditTrouble: ({ status }) =>
      `Die Aktionen der anderen konnten nicht geladen werden${status ? ` (${status})` : ''}.`,
    // Hinweise
    alerts: 'Hinweise',
    alert: ({ kind, participant, count = 0 }) => {
      const name = isolated(participant?.name ?? '');
      if (kind === 'copy')
        return `${name} trägt den Namen eines Hosts oder einer vortragenden Person.`;
      return kind === 'back'
        ? `${name} ist nach dem Entfernen wieder da.`
        : `${people(count)} sind innerhalb einer Minute beigetreten.`;
    },
    moreAlerts: (count) => `${n(count)} ${count === 1 ? 'weiterer Hinweis' : 'weitere Hinweise'}`,
    alertKind: {
      copy: 'Jemand benutzt den Namen eines Hosts',
      back: 'Eine entfernte Person kommt wieder',
      surge: 'Viele treten auf einmal bei',
    },
    // Einstellungen
    settings: 'Einstellungen und Tastenkürzel',
    shortcuts: 'Tastenkürzel',
    singleKeys: 'Einzeltasten-Kürzel verwenden (auf diesem Gerät gespeichert)',
    keys: [
      [['/'], 'Nach Namen suchen'],
      [['j', '↓'], 'Nächste Person'],
      [['k', '↑'], 'Vorige Person'],
      [['x', 'Leertaste'], 'Auswählen'],
      [['Umschalt ↑', 'Umschalt ↓'], 'Bereich auswählen'],
      [['a'], 'Alle auswählen oder Auswahl aufheben'],
      [['Eingabe'], 'Details öffnen'],
      [['m'], 'Stummschalten'],
      [['r'], 'Entfernen'],
      [['b'], 'Ausschließen'],
      [['Umschalt M'], 'Alle stummschalten'],
      [['Umschalt L'], 'Sperren oder entsperren'],
      [['Umschalt F'], 'Einfrieren oder freigeben'],
      [['1', '2', '3', '4'], 'Zu Teilnehmende, Meeting, Umfragen, Verlauf'],
      [['Esc'], 'Suche oder Auswahl aufheben'],
      [['?'], 'Tastenkürzel zeigen'],
    ],
  };
}

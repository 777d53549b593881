// The texts of the sign-in. The element has its own.

const en = {
  title: 'Moderator console',
  heading: 'Open a meeting to moderate',
  hint: 'Paste your moderator link.',
  reloaded: 'This page was reloaded, so you need to open your link again.',
  link: 'Moderator link',
  byHand: 'Enter details by hand',
  token: 'Access token',
  account: 'Account ID',
  app: 'App ID',
  meeting: 'Meeting ID',
  address: 'Gateway address',
  keep: 'Stay signed in after a reload (this tab only)',
  open: 'Open meeting',
  opening: 'Opening…',
  noLink: 'This isn’t a moderator link.',
  required: 'Fill in this field.',
  elsewhere: (/** @type {string} */ server) =>
    `This link belongs to another server (${server}). Open it there, or ask for a new one.`,
  otherAddress: 'This link is for another server',
  otherMeeting: 'Switch meetings?',
  leaves: (/** @type {string} */ title) =>
    `You’ll leave “\u2068${title}\u2069” and moderate a different meeting. Nothing changes for participants in “\u2068${title}\u2069”.`,
  openOther: 'Switch',
  stay: 'Stay',
};

/** @type {typeof en} */
const de = {
  title: 'Moderation',
  heading: 'Ein Meeting zum Moderieren öffnen',
  hint: 'Fügen Sie Ihren Moderationslink ein.',
  reloaded: 'Diese Seite wurde neu geladen. Öffnen Sie bitte Ihren Link noch einmal.',
  link: 'Moderationslink',
  byHand: 'Angaben von Hand eingeben',
  token: 'Zugangstoken',
  account: 'Account-ID',
  app: 'App-ID',
  meeting: 'Meeting-ID',
  address: 'Adresse des Gateways',
  keep: 'Nach dem Neuladen angemeldet bleiben (nur dieser Tab)',
  open: 'Meeting öffnen',
  opening: 'Wird geöffnet …',
  noLink: 'Das ist kein Moderationslink.',
  required: 'Füllen Sie dieses Feld aus.',
  elsewhere: (server) =>
    `Dieser Link gehört zu einem anderen Server (${server}). Öffnen Sie ihn dort, oder bitten Sie um einen neuen.`,
  otherAddress: 'Dieser Link ist für einen anderen Server',
  otherMeeting: 'Meeting wechseln?',
  leaves: (title) =>
    `Sie verlassen „\u2068${title}\u2069“ und moderieren ein anderes Meeting. Für die Teilnehmenden in „\u2068${title}\u2069“ ändert sich nichts.`,
  openOther: 'Wechseln',
  stay: 'Hierbleiben',
};

export const pageTexts = { en, de };

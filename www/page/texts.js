// The texts of the sign-in. The element has its own.

const en = {
  title: 'Moderator',
  heading: 'Which meeting?',
  hint: 'Open the link that your app gave you, or enter what it holds. It stays in this tab’s memory until you close or reload it.',
  token: 'Grant',
  account: 'Account ID',
  app: 'App ID',
  meeting: 'Meeting ID',
  address: 'API address',
  open: 'Open',
  elsewhere: (/** @type {string} */ origin) => `The API address must begin with ${origin}/.`,
  otherAddress: 'This link is for another address',
  otherMeeting: 'Open another meeting?',
  leaves: (/** @type {string} */ title) =>
    `The link is for another meeting. Here you would no longer see “\u2068${title}\u2069”; nothing changes for who is in it.`,
  openOther: 'Open it',
  stay: 'Stay here',
};

/** @type {typeof en} */
const de = {
  title: 'Moderation',
  heading: 'Welches Meeting?',
  hint: 'Öffnen Sie den Link aus Ihrer App, oder geben Sie ein, was er enthält. Es bleibt im Speicher dieses Tabs, bis Sie ihn schließen oder neu laden.',
  token: 'Berechtigung (Grant)',
  account: 'Account-ID',
  app: 'App-ID',
  meeting: 'Meeting-ID',
  address: 'API-Adresse',
  open: 'Öffnen',
  elsewhere: (origin) => `Die API-Adresse muss mit ${origin}/ beginnen.`,
  otherAddress: 'Dieser Link ist für eine andere Adresse',
  otherMeeting: 'Ein anderes Meeting öffnen?',
  leaves: (title) =>
    `Der Link ist für ein anderes Meeting. „\u2068${title}\u2069“ wäre hier nicht mehr zu sehen; für alle darin ändert sich nichts.`,
  openOther: 'Öffnen',
  stay: 'Hierbleiben',
};

export const pageTexts = { en, de };

// What the sign-in says; the rest is the element's to say.

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
};

export const pageTexts = { en, de };

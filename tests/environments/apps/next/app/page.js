// A client component, which asks in the browser, on a page rendered on the server: where the
// package is imported too.

'use client';

import { useEffect, useState } from 'react';
import Cloudflare from 'realtimekit-moderator';
import { ask } from '../ask';

export default function Page() {
  const [shown, setShown] = useState('');
  useEffect(() => {
    const settings = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    ask(Cloudflare, settings).then(setShown, (error) =>
      setShown(`${error.name}: ${error.message}`),
    );
  }, []);
  return <output>{shown}</output>;
}

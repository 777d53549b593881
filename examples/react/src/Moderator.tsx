// The moderator console: it needs the gateway's address, and a route that signs grants.

import { RtkModerator, useModeratorGrant } from 'realtimekit-moderator/react';
import { useState } from 'react';

export function Moderator() {
  const getGrant = useModeratorGrant('/moderator-grant');
  const [last, setLast] = useState('');
  return (
    <section>
      <RtkModerator
        gateway={import.meta.env.VITE_GATEWAY}
        getGrant={getGrant}
        onAction={({ detail }) => setLast(`${detail.operation}: ${detail.outcome}`)}
      />
      <output>{last}</output>
    </section>
  );
}

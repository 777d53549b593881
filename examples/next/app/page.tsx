// A server component. The server action is `getGrant` itself: the browser calls it whenever a grant is needed.

import { RtkModerator } from 'realtimekit-moderator/react';
import { moderatorGrant } from './moderator-grant';

export default function Page() {
  return (
    <RtkModerator
      gateway="/client/v4"
      getGrant={moderatorGrant}
      style={{ display: 'block', blockSize: '100dvh' }}
    />
  );
}

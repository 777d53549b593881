// The meeting by RealtimeKit's UI kit, and the moderator console beside it.

import { useRealtimeKitClient } from '@cloudflare/realtimekit-react';
import { RtkMeeting } from '@cloudflare/realtimekit-react-ui';
import { useEffect } from 'react';
import { Moderator } from './Moderator';
import './App.css';
import './ui-kit.css';

/** The moderator's own token as a participant, from your backend. Without one they only moderate. */
const authToken = new URLSearchParams(location.hash.slice(1)).get('participant');

export function App() {
  const [meeting, initMeeting] = useRealtimeKitClient();
  useEffect(() => {
    if (authToken) initMeeting({ authToken });
  }, [initMeeting]);
  return (
    <main>
      <RtkMeeting mode="fill" showSetupScreen meeting={meeting} />
      <Moderator />
    </main>
  );
}

// Signs a grant, as an app's backend would.

import { signGrant } from 'realtimekit-moderator/grant';

const grant = { sub: 'ann', appId: 'app', meetingId: 'meeting', can: ['read'], jti: 'one' };
const token = await signGrant(grant, 'a-secret-of-more-than-thirty-two-bytes');
const [head, claims, signature] = token.split('.');
const { sub, can } = JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/')));
console.log(JSON.stringify([atob(head), sub, can, signature.length]));

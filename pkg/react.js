'use client';
// <rtk-moderator> as a React component: sets the element's properties, and listens to its events.

import { createElement, forwardRef, useCallback, useEffect, useRef } from 'react';
import 'realtimekit-moderator/element';

/** The events of the element, by the names of their handlers. */
const EVENTS = /** @type {const} */ ({
  onSnapshot: 'rtk-moderator-snapshot',
  onAction: 'rtk-moderator-action',
  onGrantExpiring: 'rtk-moderator-grant-expiring',
  onOpen: 'rtk-moderator-open',
  onSignIn: 'rtk-moderator-sign-in',
  onError: 'rtk-moderator-error',
});

/** The properties, and their values if they are not given. */
const PROPERTIES = {
  ...{ gateway: undefined, accountId: undefined, appId: undefined, meetingId: undefined },
  ...{ grant: undefined, getGrant: undefined, interval: undefined, timeout: undefined },
  ...{ shortcuts: 'element', roleLabels: undefined, texts: undefined, signIn: false },
};

/** @typedef {import('./react.js').RtkModeratorProps} Props */
/** @typedef {import('./element.js').RtkModerator} Element */

/**
 * @param {Props} props
 * @param {import('react').ForwardedRef<Element>} ref
 */
function Moderator({ className, ...props }, ref) {
  /** @type {Record<string, unknown>} The attributes, which React knows. */
  const attributes = { class: className };
  /** @type {Record<string, any>} */
  const handlers = {};
  /** @type {Record<string, unknown>} */
  const properties = {};
  for (const [name, value] of Object.entries(props)) {
    if (name in EVENTS) handlers[name] = value;
    else if (name in PROPERTIES) properties[name] = value;
    else attributes[name] = value;
  }
  const element = useRef(/** @type {Element | null} */ (null));
  const latest = useRef(handlers);
  const before = useRef(/** @type {Record<string, unknown>} */ ({}));

  // The first effect: listens before the element has what it needs to start.
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const listeners = Object.entries(EVENTS).map(([name, type]) => {
      const listener = (/** @type {Event} */ event) => latest.current[name]?.(event);
      current.addEventListener(type, listener);
      return () => current.removeEventListener(type, listener);
    });
    return () => listeners.forEach((remove) => remove());
  }, []);

  useEffect(() => {
    latest.current = handlers;
    for (const [name, initial] of Object.entries(PROPERTIES)) {
      const value = properties[name] ?? initial;
      // The element itself may have changed one since, as `meetingId` from the overview.
      if (name in before.current ? before.current[name] === value : value === initial) continue;
      before.current[name] = value;
      /** @type {any} */ (element.current)[name] = value;
    }
  });

  const setRef = useCallback(
    (/** @type {Element | null} */ current) => {
      element.current = current;
      if (typeof ref === 'function') return ref(current);
      if (ref) ref.current = current;
      return undefined;
    },
    [ref],
  );
  return createElement('rtk-moderator', { ...attributes, ref: setRef });
}

export const RtkModerator = forwardRef(Moderator);

/**
 * @param {string | URL} address
 * @param {RequestInit} [init]
 */
export function useModeratorGrant(address, init) {
  const latest = useRef({ address, init });
  useEffect(() => {
    latest.current = { address, init };
  });
  return useCallback(async () => {
    const { address, init } = latest.current;
    const response = await fetch(address, { cache: 'no-store', ...init });
    if (!response.ok) throw new Error(`${address} responded with the status ${response.status}`);
    const grant = (await response.text()).trim();
    if (!/^[\w-]+(\.[\w-]+){2}$/.test(grant))
      throw new TypeError(`${address} did not respond with a grant, as plain text`);
    return grant;
  }, []);
}

// The types of `<rtk-moderator>` in JSX and templates. A framework that is not installed is ignored.

import type {
  RtkModerator,
  RtkModeratorAttributes,
  RtkModeratorEvents,
  RtkModeratorListeners,
  RtkModeratorProperties,
} from './element.js';

type Own = RtkModeratorProperties & RtkModeratorAttributes;

/** `onRtkModeratorAction`, as Vue names the listener of `@rtk-moderator-action`. */
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${Camel<Rest>}`
  : Capitalize<Name>;
type VueListeners = {
  [Name in keyof RtkModeratorEvents as `on${Camel<Name>}`]?: (
    event: RtkModeratorEvents[Name],
  ) => void;
};

// @ts-ignore
type ReactProps = import('react').HTMLAttributes<RtkModerator>;
// @ts-ignore
type ReactRef = import('react').ClassAttributes<RtkModerator>;
// @ts-ignore
type PreactProps = Omit<import('preact').ComponentProps<'div'>, 'ref'>;
// @ts-ignore
type PreactRef = { ref?: import('preact').Ref<RtkModerator> };
// @ts-ignore
type VueProps = import('vue').HTMLAttributes;
// @ts-ignore
type SvelteProps = import('svelte/elements').HTMLAttributes<RtkModerator>;

// React 18 and 19.
// @ts-ignore
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'rtk-moderator': ReactRef & ReactProps & Own & RtkModeratorListeners;
    }
  }
}

// @ts-ignore
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'rtk-moderator': PreactProps & PreactRef & Own & RtkModeratorListeners;
    }
  }
}

// @ts-ignore
declare module 'vue' {
  interface GlobalComponents {
    'rtk-moderator': new () => RtkModerator & { $props: VueProps & Own & VueListeners };
  }
}

// @ts-ignore
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'rtk-moderator': SvelteProps & Own & RtkModeratorListeners;
  }
}

export {};
